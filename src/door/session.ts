// A live source from login to end: passes its body to the mount at the pace of the audio, and logs both ends.
import type { Log } from "../lib/log.ts";
import type { LogFields } from "../lib/log-line.ts";
import { declaredBitrate } from "../input/live/declared-bitrate.ts";
import { announcedMetaint } from "../input/live/inline-titles.ts";
import { LiveSource } from "../input/live/live.ts";
import { liveName } from "../input/live/live-client.ts";
import type { Admitted } from "./source-login.ts";
import { Presence } from "../input/live/presence.ts";
import { PacedFeed, type Pushed } from "../input/live/paced-feed.ts";
import { sourceIdentity } from "../mount/drops.ts";
import type { Turn } from "../lib/turn.ts";

export interface SessionClient {
  readonly address: string;
  /** Used if the client sends no User-Agent. */
  readonly program: string;
  /** Called when the mount ends the source. */
  readonly close: (why: string) => void;
  /** The time budget that all sources share. */
  readonly turn: Turn;
  /** Called when there is time for the held bytes. */
  readonly goOn: (nowMs: number) => void;
}

export class SourceSession {
  readonly #source: LiveSource;
  readonly #feed: PacedFeed;
  #isOver = false;

  /** Attaches the source to its mount. */
  constructor(
    private readonly admitted: Admitted,
    client: SessionClient,
    nowMs: number,
  ) {
    const { mount, headers, user, priority, behind } = admitted;
    const about = {
      address: client.address,
      user,
      priority,
      userAgent: headers.get("user-agent") ?? client.program,
      showName: headers.get("ice-name") ?? headers.get("icy-name") ?? "",
      metaint: announcedMetaint(headers.get("icy-metaint")),
      declaredBitrate: declaredBitrate(headers),
    };
    const presence = new Presence(mount, about, liveName(about));
    this.#source = new LiveSource(mount, about, presence);
    const { turn, goOn } = client;
    const context = { body: admitted.body, lead: presence.lead, turn, goOn };
    this.#feed = new PacedFeed(this.#source, context, nowMs);
    this.#connect(client);
    mount.attach(this.#source);
    mount.log.info(`${this.#source.name} has logged in`, clientFields(this.#source));
    if (behind !== null) mount.log.info(`${this.#source.name} waits for ${behind.name}`);
  }

  #connect({ close }: SessionClient): void {
    const source = this.#source;
    source.isHeldUp = () => this.#feed.isAhead;
    source.onAudio = (nowMs) => {
      const { mount, replaces, isContested = false } = this.admitted;
      for (const other of replaces) void other.close?.(`${source.name} has replaced it`);
      if (isContested) mount.drops.replacements.add(sourceIdentity(source.client), nowMs);
    };
    source.close = (why) => {
      source.isDone = true;
      close(why);
    };
  }

  /** The client waits for 100 Continue, and for a final answer. */
  get isExpecting(): boolean {
    return this.admitted.isExpecting;
  }

  /** Seconds without data or audio until the source is ended. */
  get timeout(): number {
    return this.admitted.mount.config.sourceTimeout;
  }

  /** The source has left its mount. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Bytes are held: the socket should not be read until goOn() has taken them. */
  get isAhead(): boolean {
    return this.#feed.isAhead;
  }

  /** Bytes of the announced length that have not come yet. */
  get owedBytes(): number {
    return this.#feed.owedBytes;
  }

  push(bytes: Uint8Array, nowMs: number): Pushed {
    return this.#judged(this.#feed.push(bytes, nowMs));
  }

  /** Takes the held bytes that are due. */
  goOn(nowMs: number): Pushed {
    return this.#judged(this.#feed.goOn(nowMs));
  }

  /** A body that is complete, or cannot be played, is not expected to go on. */
  #judged(pushed: Pushed): Pushed {
    this.#source.isDone ||= pushed.kind !== "open";
    return pushed;
  }

  /** Bytes do not keep a source live: audio does. */
  isSoundless(nowMs: number): boolean {
    return this.#feed.isSoundless(nowMs, this.timeout * 1000);
  }

  /** Idempotent. */
  end(why: string, nowMs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#feed.end();
    this.#source.end(nowMs);
    const { name, receivedBytes, garbageBytes } = this.#source;
    const sum = `${receivedBytes} bytes, ${garbageBytes} of them garbage`;
    const fields = { ...clientFields(this.#source), bytes: receivedBytes };
    this.#log.info(`${name} has left: ${why} (${sum})`, fields);
  }

  get #log(): Log {
    return this.admitted.mount.log;
  }
}

function clientFields({ client: { address, userAgent } }: LiveSource): LogFields {
  return { address, user_agent: userAgent };
}
