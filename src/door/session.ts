// A source client that is logged in: its body to its mount at the pace of its audio, and what the log is told of it.
import type { Log } from "../lib/log.ts";
import type { Refusal } from "../wire/answers.ts";
import { declaredBitrate } from "../input/live/declared-bitrate.ts";
import { announcedMetaint } from "../input/live/inline-titles.ts";
import { LiveSource } from "../input/live/live.ts";
import type { Admitted } from "./source-login.ts";
import { Pace } from "../input/live/pace.ts";
import type { Turn } from "./turn.ts";

/** Between two looks at the pace; less than a second of most audio. */
const PIECE_BYTES = 4096;

export interface SessionClient {
  readonly address: string;
  /** What it is when it does not say. */
  readonly program: string;
  /** The mount has let go of it. */
  readonly close: (why: string) => void;
  /** The time of its turn, shared with all other sources. */
  readonly turn: Turn;
  /** There is time for what was held. */
  readonly goOn: (nowMs: number) => void;
}

export interface PushFailure {
  readonly kind: "broken";
  readonly refusal: Refusal;
  readonly why: string;
}

/** done: the body has ended by its own word. */
export type Pushed = { readonly kind: "open" | "done" } | PushFailure;

const OPEN: Pushed = { kind: "open" };
const NOTHING = new Uint8Array(0);

export class Session {
  readonly #source: LiveSource;
  readonly #pace: Pace;
  /** What came before its time, or too much for one turn. */
  #held: Uint8Array = NOTHING;
  #isOver = false;

  /** Attaches it to its mount. */
  constructor(
    private readonly admitted: Admitted,
    private readonly client: SessionClient,
    nowMs: number,
  ) {
    const { mount, headers } = admitted;
    this.#pace = new Pace(mount.lead, nowMs);
    this.#source = new LiveSource(mount, {
      address: client.address,
      userAgent: headers.get("user-agent") ?? client.program,
      showName: headers.get("ice-name") ?? headers.get("icy-name") ?? "",
      metaint: announcedMetaint(headers.get("icy-metaint")),
      declaredBitrate: declaredBitrate(headers),
    });
    this.#source.close = client.close;
    mount.attach(this.#source);
    mount.log.info(`${this.#source.name} has logged in`);
  }

  /** It waits to be told to go on, and to be told how it ended. */
  get isExpecting(): boolean {
    return this.admitted.isExpecting;
  }

  /** Seconds it may stay silent. */
  get timeout(): number {
    return this.admitted.mount.config.sourceTimeout;
  }

  /** Its mount has been left. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** It is ahead of its time or of our turn: until goOn() has taken what is held, it should not be read. */
  get isAhead(): boolean {
    return this.#held.length > 0;
  }

  /** Bytes its head announced and it has not sent. */
  get owedBytes(): number {
    return this.admitted.body.owedBytes;
  }

  push(bytes: Uint8Array, nowMs: number): Pushed {
    return this.#takeAll(this.isAhead ? Buffer.concat([this.#held, bytes]) : bytes, nowMs);
  }

  /** Time has passed: takes what is due of what is held. */
  goOn(nowMs: number): Pushed {
    return this.#takeAll(this.#held, nowMs);
  }

  /** Bytes alone are no life: it must send audio. */
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
      // A copy: the memory is the socket's.
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
    this.#log.info(`${name} has left: ${why} (${sum})`);
  }

  get #log(): Log {
    return this.admitted.mount.log;
  }
}
