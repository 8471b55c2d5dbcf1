// What subscribers learn about a mount as it happens: desks, feeds, logs, recorders, fallbacks.
import type { Frames, StreamFormat } from "../format/frame.ts";
import type { Input } from "./roles.ts";
import type { Airing } from "./timeline.ts";

/** The part of a listener that outlives its connection. */
export interface ListenerRecord {
  /** Counts from 1 within the station, never reused. */
  readonly number: number;
  readonly joinedMs: number;
  /** Where it began to hear its mount, in seconds of the timeline, and when. Set by the journal's writer; NaN for none. */
  fromSeconds: number;
  fromMs: number;
  readonly client: {
    readonly address: string;
    readonly userAgent: string;
    readonly request?: string;
    readonly referer?: string;
    readonly door?: string;
    readonly session?: { readonly user: string; readonly isRelay?: boolean } | undefined;
  };
}

/** A listener, and how far its cursor is behind the head. */
interface ListenerPlace {
  readonly listener: ListenerRecord;
  readonly lagSeconds: number;
}

export interface MountEvents {
  /** An input was added or removed; it may never get on air. */
  readonly inputs: { readonly inputs: readonly Input[] };
  /** A playlist found, lost or left out files. */
  readonly tracks: { readonly input: Input };
  /** The average bitrate of what is on air moved by more than a step of its size, in kbit/s. */
  readonly bitrate: { readonly kbps: number };
  /** Another input is on air; `before` was until now. */
  readonly onAir: {
    readonly input: Input | null;
    readonly before: Input | null;
    /** How long ago its audio was due, if it paces itself; negative: it is due later. */
    readonly lateMs: number;
  };
  /** Whole frames that an input has brought, on air or not, before they are written. Copy what is kept. */
  readonly arrived: { readonly input: Input; readonly frames: Frames };
  /** An input's audio has become silent, which counts as none, or has sound again. */
  readonly silent: { readonly input: Input; readonly isSilent: boolean };
  /** What is on air from here on; listeners hear it once they reach `fromSeconds`. */
  readonly titleWritten: Airing;
  /** A listener who joined now would hear this. */
  readonly titleHeard: Airing;
  /** The next frame has another format, before it is written. `isBreak`: listeners have to reconnect. */
  readonly format: { readonly format: StreamFormat; readonly isBreak: boolean };
  /** Whole frames, just written. Their memory is reused after the call: copy what is kept. */
  readonly frames: {
    readonly input: Input;
    readonly frames: Frames;
    /** Where the first of them is on the mount's timeline, in seconds. */
    readonly fromSeconds: number;
  };
  /** A listener begins `lagSeconds` behind the head. `isMoved`: it comes from another mount. */
  readonly joined: ListenerPlace & { readonly isMoved: boolean };
  /** `sentBytes`: offered to the listener, inline titles included; 0 if it goes on elsewhere (`isMoved`). `heardSeconds`: if
   * that is not the time that it was here. */
  readonly left: ListenerPlace & {
    readonly sentBytes: number;
    readonly isMoved: boolean;
    readonly heardSeconds?: number;
  };
  /** The ring overtook a listener: it goes on `lostSeconds` further. */
  readonly skipped: ListenerPlace & { readonly lostSeconds: number };
  /** The mount ends; its ring is still there. */
  readonly closed: undefined;
  /** Another server takes the stream, or does no longer. */
  readonly pushes: undefined;
}
