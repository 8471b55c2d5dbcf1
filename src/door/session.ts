// A live source from login to end: passes its body to the mount at the pace of the audio, and logs both ends.
import type { Log } from "../lib/log.ts";
import type { LogFields } from "../lib/log-line.ts";
import type { Refusal } from "../wire/answers.ts";
import { declaredBitrate } from "../input/live/declared-bitrate.ts";
import { announcedMetaint } from "../input/live/inline-titles.ts";
import { LiveSource } from "../input/live/live.ts";
import type { Admitted } from "./source-login.ts";
import { Pace } from "../input/live/pace.ts";
import type { Turn } from "./turn.ts";

/** The pace is checked after each piece; less than a second of most audio. */
const PIECE_BYTES = 4096;

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

export interface PushFailure {
  readonly kind: "broken";
  readonly refusal: Refusal;
  readonly why: string;
}

/** done: the body has ended by its length or last chunk. */
export type Pushed = { readonly kind: "open" | "done" } | PushFailure;

const OPEN: Pushed = { kind: "open" };
const NOTHING = new Uint8Array(0);

export class SourceSession {
  readonly #source: LiveSource;
  readonly #pace: Pace;
  /** Bytes that came too early, or too many for one turn. */
  #held: Uint8Array = NOTHING;
  #isOver = false;

  /** Attaches the source to its mount. */
  constructor(
    private readonly admitted: Admitted,
    private readonly client: SessionClient,
    nowMs: number,
  ) {
    const { mount, headers, user } = admitted;
    this.#pace = new Pace(mount.lead, nowMs);
    this.#source = new LiveSource(mount, {
      address: client.address,
      user,
      userAgent: headers.get("user-agent") ?? client.program,
      showName: headers.get("ice-name") ?? headers.get("icy-name") ?? "",
      metaint: announcedMetaint(headers.get("icy-metaint")),
      declaredBitrate: declaredBitrate(headers),
    });
    this.#source.close = client.close;
    mount.attach(this.#source);
    const as = user === "" ? "" : ` as ${user}`;
    mount.log.info(`${this.#source.name} has logged in${as}`, clientFields(this.#source));
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
    return this.#held.length > 0;
  }

  /** Bytes of the announced length that have not come yet. */
  get owedBytes(): number {
    return this.admitted.body.owedBytes;
  }

  push(bytes: Uint8Array, nowMs: number): Pushed {
    return this.#takeAll(this.isAhead ? Buffer.concat([this.#held, bytes]) : bytes, nowMs);
  }

  /** Takes the held bytes that are due. */
  goOn(nowMs: number): Pushed {
    return this.#takeAll(this.#held, nowMs);
  }

  /** Bytes do not keep a source live: audio does. */
  isSoundless(nowMs: number): boolean {
    return this.#pace.isSoundless(nowMs, this.#source.garbageBytes, this.timeout * 1000);
  }

  #takeAll(bytes: Uint8Array, nowMs: number): Pushed {
    this.#held = NOTHING;
    let at = 0;
    const { turn, goOn } = this.client;
    for (; at < bytes.length && !turn.isOver && !this.#pace.isAhead(nowMs); at += PIECE_BYTES) {
      // Making a view costs more than taking an encoder's usual write.
      const isWhole = bytes.length <= PIECE_BYTES;
      const piece = isWhole ? bytes : bytes.subarray(at, at + PIECE_BYTES);
      const pushed = turn.spend(() => this.#take(piece, nowMs));
      if (pushed.kind !== "open" || isWhole) return pushed;
    }
    if (at < bytes.length) {
      // Copies: the memory is the socket's.
      this.#held = new Uint8Array(bytes.subarray(at));
      this.#pace.wait(nowMs);
      if (!this.#pace.isAhead(nowMs)) turn.wait(goOn);
    }
    return OPEN;
  }

  #take(bytes: Uint8Array, nowMs: number): Pushed {
    const source = this.#source;
    const { data, state, garbageBytes } = this.admitted.body.push(bytes);
    const before = source.seconds;
    const { tagBytes } = source;
    const fault = data.length === 0 ? null : source.push(data, nowMs);
    if (fault !== null) return { kind: "broken", ...fault };
    source.drop(garbageBytes);
    const seconds = source.seconds - before;
    if (source.tagBytes > tagBytes) this.#pace.tag(nowMs);
    if (seconds > 0) this.#pace.sound(seconds, source.garbageBytes, nowMs);
    if (state !== "bad") return state === "done" ? { kind: "done" } : OPEN;
    return { kind: "broken", refusal: "unplayable", why: "its chunks are broken" };
  }

  /** Idempotent. */
  end(why: string, nowMs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held = NOTHING;
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
