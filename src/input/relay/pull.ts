// One connection to a stream: resolves a playlist file if the address names one, then gives the body to a live source's
// parser, at the pace of its audio.
import type { Clock } from "../../lib/clock.ts";
import type { Turn } from "../../lib/turn.ts";
import type { AnswerHead } from "../../wire/master-answer.ts";
import { type BodyDecoder, bodyDecoder } from "../../wire/body.ts";
import { gatherReads } from "../../native/gather.ts";
import { declaredBitrate } from "../live/declared-bitrate.ts";
import { announcedMetaint } from "../live/inline-titles.ts";
import { type LiveOutlet, LiveSource } from "../live/live.ts";
import type { PaceLead } from "../live/pace.ts";
import { PacedFeed, type Pushed } from "../live/paced-feed.ts";
import { Gathering } from "./gathering.ts";
import type { MasterUrl } from "./master-url.ts";
import { MasterRequest, type RequestContext } from "./master-request.ts";
import { StillThere } from "./still-there.ts";
import { entriesOf, MAX_FILE_BYTES, playlistEnding } from "./playlist-answer.ts";

export interface PullContext extends RequestContext {
  readonly clock: Clock;
  readonly turn: Turn;
  readonly outlet: LiveOutlet;
  readonly lead: PaceLead;
  /** Without audio for this long it is over. */
  readonly audioTimeoutMs: number;
  /** Why this answer must not be played, a sentence without its end; null if it may. */
  readonly refusal: (head: AnswerHead) => string | null;
}

export interface PullHandler {
  /** Once, unless close() came first. `why`: a sentence without its end, "it …". */
  onOver(why: string): void;
}

/** Of a playlist file, one after the other over the attempts. */
export class EntryTurn {
  #attempt = 0;

  next<T>(entries: readonly [T, ...T[]]): T {
    return entries[this.#attempt++ % entries.length] ?? entries[0];
  }
}

interface PlaylistBody {
  readonly ending: string;
  readonly from: MasterUrl;
  readonly body: BodyDecoder;
  bytes: Uint8Array;
}

export class Pull {
  #request: MasterRequest;
  /** What is played, once the answer has come. */
  #source: LiveSource | null = null;
  #feed: PacedFeed | null = null;
  /** A playlist file so far. */
  #file: PlaylistBody | null = null;
  #isResolved = false;
  #heardMs: number;
  /** Once it plays. */
  #stillThere: StillThere | null = null;
  #gathering: Gathering | null = null;
  /** Why the connection has ended while bytes are held that are still to be played. */
  #ending: string | null = null;
  #isOver = false;

  constructor(
    readonly url: MasterUrl,
    private readonly context: PullContext,
    private readonly entries: EntryTurn,
    private readonly handler: PullHandler,
  ) {
    this.#heardMs = context.clock.nowMs();
    this.#request = this.#ask(url);
  }

  /** null before the answer. */
  get source(): LiveSource | null {
    return this.#source;
  }

  /** It has audio to give. */
  get isPlaying(): boolean {
    return this.#source?.ready === true;
  }

  /** Its master is ahead of its time, and waits. */
  get isHeld(): boolean {
    return this.#feed?.isAhead === true;
  }

  /** To be called about once a second. */
  check(nowMs: number): void {
    this.#request.check(nowMs);
    const feed = this.#feed;
    if (this.#isOver) return;
    this.#gather(nowMs);
    if (feed?.isAhead) return this.#goOn(nowMs);
    const { audioTimeoutMs } = this.context;
    const isSilent = nowMs - this.#heardMs >= audioTimeoutMs;
    if (feed === null) return this.#checkFile(nowMs);
    this.#stillThere?.check(this.#heardMs, nowMs);
    if (this.#isOver) return;
    if (isSilent || feed.isSoundless(nowMs, audioTimeoutMs))
      this.#end(`it sent no audio for ${audioTimeoutMs / 1000} s`);
  }

  #gather(nowMs: number): void {
    const { isPlaying, isHeld } = this;
    const source = this.#source;
    if (source === null || !isPlaying || isHeld) return;
    this.#gathering ??= new Gathering(nowMs, (bytes) => {
      gatherReads(this.#request.descriptor, bytes);
    });
    this.#gathering.check(source.receivedBytes, source.bitrate, nowMs);
  }

  close(): void {
    this.#release();
  }

  /** A playlist file that does not end. */
  #checkFile(nowMs: number): void {
    const isLate = nowMs - this.#heardMs >= this.context.timeoutMs;
    if (this.#file !== null && isLate) this.#end("its playlist file does not end");
  }

  #ask(url: MasterUrl): MasterRequest {
    const { clock } = this.context;
    return new MasterRequest(
      url,
      this.context,
      {
        onAnswer: (head, from) => this.#onAnswer(head, from),
        onBody: (bytes) => this.#onBody(bytes),
        onOver: (why) => this.#onOver(why),
      },
      () => clock.nowMs(),
    );
  }

  #onAnswer(head: AnswerHead, from: MasterUrl): void {
    this.#heardMs = this.context.clock.nowMs();
    const body = bodyDecoder(head.headers);
    if (body === null) return this.#end("it uses an unknown transfer coding");
    const ending = this.#isResolved ? null : playlistEnding(head, from);
    if (ending !== null) this.#file = { ending, from, body, bytes: new Uint8Array(0) };
    else this.#play(head, from, body);
  }

  #play(head: AnswerHead, from: MasterUrl, body: BodyDecoder): void {
    const refusal = this.context.refusal(head) ?? refusalOf(head);
    if (refusal !== null) return this.#end(refusal);
    const { headers } = head;
    const { outlet, lead, turn, clock } = this.context;
    const source = new LiveSource(outlet, {
      address: from.host,
      userAgent: headers.get("server") ?? "",
      showName: headers.get("icy-name") ?? headers.get("ice-name") ?? "",
      metaint: announcedMetaint(headers.get("icy-metaint")),
      declaredBitrate: declaredBitrate(headers),
    });
    const goOn = (nowMs: number) => this.#goOn(nowMs);
    this.#source = source;
    this.#stillThere = new StillThere(this.context.dial, from, (why) => this.#end(why));
    this.#feed = new PacedFeed(source, { body, lead, turn, goOn }, clock.nowMs());
  }

  #onBody(bytes: Uint8Array): void {
    const nowMs = this.context.clock.nowMs();
    if (this.#file !== null) return this.#collect(this.#file, bytes);
    const feed = this.#feed;
    if (feed === null) return;
    this.#heardMs = nowMs;
    this.#follow(feed.push(bytes, nowMs));
    if (feed.isAhead) this.#request.pause();
  }

  #collect(file: PlaylistBody, bytes: Uint8Array): void {
    const { data, state } = file.body.push(bytes);
    file.bytes = Buffer.concat([file.bytes, data]);
    if (file.bytes.length > MAX_FILE_BYTES) this.#end("its playlist file is too long");
    else if (state === "done") this.#resolve(file);
  }

  /** A paused master is not silent. */
  #goOn(nowMs: number): void {
    const feed = this.#feed;
    if (this.#isOver || feed === null) return;
    this.#heardMs = nowMs;
    this.#follow(feed.goOn(nowMs));
    if (this.#isOver || feed.isAhead) return;
    if (this.#ending === null) this.#request.resume();
    else this.#end(this.#ending);
  }

  #follow(pushed: Pushed): void {
    if (pushed.kind === "done") this.#end("it ended the stream");
    else if (pushed.kind === "broken") this.#end(pushed.why);
  }

  #onOver(why: string): void {
    if (this.#file !== null) return this.#resolve(this.#file);
    if (this.#feed?.isAhead) this.#ending = why;
    else this.#end(why);
  }

  /** One level: what the file names must be a stream. */
  #resolve({ ending, bytes, from }: PlaylistBody): void {
    this.#file = null;
    this.#isResolved = true;
    this.#request.close();
    const found = entriesOf(ending, bytes, from);
    if (found.kind === "unusable") return this.#end(found.why);
    this.#heardMs = this.context.clock.nowMs();
    this.#request = this.#ask(this.entries.next(found.urls));
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#release();
    this.handler.onOver(why);
  }

  #release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#request.close();
    this.#stillThere?.close();
    this.#feed?.end();
    this.#source?.end(this.context.clock.nowMs());
  }
}

/** SHOUTcast 1 shows its page at its root. */
function refusalOf({ headers }: AnswerHead): string | null {
  const type = headers.get("content-type") ?? "";
  if (!/^text\/html/i.test(type)) return null;
  return "it answers a web page instead of a stream; for SHOUTcast, try the address with /; at its end";
}
