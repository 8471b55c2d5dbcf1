// The body of a source on its way to the parser: its transfer coding is removed, and it is taken at the pace of its audio.
import type { Turn } from "../../lib/turn.ts";
import type { Refusal } from "../../wire/answers.ts";
import type { BodyDecoder } from "../../wire/body.ts";
import type { LiveSource } from "./live.ts";
import { Pace, type PaceLead } from "./pace.ts";

/** The pace is checked after each piece; less than a second of most audio. */
const PIECE_BYTES = 4096;

export interface PushFailure {
  readonly kind: "broken";
  readonly refusal: Refusal;
  readonly why: string;
}

/** done: the body has ended by its length or last chunk. */
export type Pushed = { readonly kind: "open" | "done" } | PushFailure;

export interface FeedContext {
  readonly body: BodyDecoder;
  /** How far the audio is ahead of the clock. */
  readonly lead: PaceLead;
  /** The time budget that this source shares with others. */
  readonly turn: Turn;
  /** Called when there is time for the held bytes. */
  readonly goOn: (nowMs: number) => void;
}

const OPEN: Pushed = { kind: "open" };
const NOTHING = new Uint8Array(0);

export class PacedFeed {
  readonly #pace: Pace;
  /** Bytes that came too early, or too many for one turn. */
  #held: Uint8Array = NOTHING;

  constructor(
    private readonly source: LiveSource,
    private readonly context: FeedContext,
    nowMs: number,
  ) {
    this.#pace = new Pace(context.lead, nowMs);
  }

  /** Bytes are held: the socket should not be read until goOn() has taken them. */
  get isAhead(): boolean {
    return this.#held.length > 0;
  }

  /** Bytes of the announced length that have not come yet. */
  get owedBytes(): number {
    return this.context.body.owedBytes;
  }

  push(bytes: Uint8Array, nowMs: number): Pushed {
    return this.#takeAll(this.isAhead ? Buffer.concat([this.#held, bytes]) : bytes, nowMs);
  }

  /** Takes the held bytes that are due. */
  goOn(nowMs: number): Pushed {
    return this.#takeAll(this.#held, nowMs);
  }

  /** Bytes do not keep a source live: audio does. */
  isSoundless(nowMs: number, timeoutMs: number): boolean {
    return this.#pace.isSoundless(nowMs, this.source.garbageBytes, timeoutMs);
  }

  /** Forgets the held bytes. */
  end(): void {
    this.#held = NOTHING;
  }

  #takeAll(bytes: Uint8Array, nowMs: number): Pushed {
    this.#held = NOTHING;
    let at = 0;
    const { turn, goOn } = this.context;
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
    const { source } = this;
    const { data, state, garbageBytes } = this.context.body.push(bytes);
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
}
