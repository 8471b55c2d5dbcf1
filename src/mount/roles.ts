// The two ends of a mount: Inputs, one of which is on air at a time, and Sinks, one per listener.
import type { SharedPlace } from "./positions.ts";
import type { MountConfig } from "../config/config.ts";
import type { StreamFormat } from "../format/frame.ts";
import type { Rejoin } from "../format/rejoin.ts";
import type { OpenFile } from "../lib/open-file.ts";
import type { Progress } from "../library/state.ts";
import type { TrackInfo } from "../library/track-info.ts";
import type { Metadata } from "./metadata.ts";

/** Facts about the connection that feeds an input. */
export interface Feed {
  readonly client: {
    readonly address: string;
    /** The account it logged in to, or "" for the mount's password. */
    readonly user?: string;
    readonly userAgent: string;
    /** Declared kbit/s; 0 or absent if not declared. */
    readonly declaredBitrate?: number;
  };
  readonly receivedBytes: number;
  /** Bytes outside of any frame. */
  readonly garbageBytes: number;
  /** Time of the first bytes, and of the latest frames. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Playing time of all frames. */
  readonly seconds: number;
}

/** The files of an input, as far as they are known. */
export interface TrackList {
  /** Files that can be played. */
  readonly count: number;
  readonly skippedCount: number;
  /** The first scan is complete. */
  readonly isKnown: boolean;
  /** Skipped files with reasons; possibly truncated. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Unreadable folders, with the system's error code; possibly truncated. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly unreadableCount: number;
  /** Number of files with other extensions, by extension. */
  readonly passedOver: ReadonlyMap<string, number>;
  readonly tooDeep: readonly string[];
  /** Files that were measured as silent from end to end: the first ones. */
  readonly silent: readonly string[];
  /** The directory has more files than the scan's limit. */
  readonly isCutOff: boolean;
  /** Seconds without an answer from the disk; 0 while it answers. */
  readonly unansweredSeconds: number;
}

/** A track that follows. */
export interface NextTrack {
  readonly path: string;
  readonly metadata: Metadata;
  /** Playing time; null if unknown. */
  readonly seconds: number | null;
}

/** A track as it sounds. */
export interface TrackSound {
  /** Playing time; null if unknown. */
  readonly seconds: number | null;
  /** LUFS of the file; null if it was not measured. */
  readonly loudness: number | null;
  /** dB by which it is changed as it goes out; null if it is not, or while that is unknown. */
  readonly gain: number | null;
}

/** A file that follows. */
export type ListedTrack = TrackInfo & TrackSound;

/** How far an input's files are known. */
export interface ScanProgress extends Progress {
  /** Estimated time until all are known; null if there is no estimate, 0 if they are. */
  readonly secondsLeft: number | null;
}

/** Controls of an input that plays files. */
export interface Player {
  readonly tracks: TrackList;
  readonly progress: ScanProgress;
  /** null if unknown. */
  readonly next: NextTrack | null;
  /** What is known about the files that follow, at most `count`. */
  ahead(count: number): readonly ListedTrack[];
  /** Files with all these words in their names or tags, at most `limit`. Rejects when the disk fails. */
  search(text: string, limit: number): Promise<readonly TrackInfo[]>;
  /** Plays a file, named as in the lists, after the current track; false if that does not play here. */
  playNext(file: string): Promise<boolean>;
  /** Opens one of the files, named as in the lists; null if there is none. Rejects with the file system's error. */
  open(file: string): Promise<OpenFile | null>;
  readonly metadata: Metadata;
  /** The file at the burst position; null while another input is on air. */
  readonly heardFile: string | null;
  /** How it sounds. */
  readonly sound: TrackSound | null;
  upcoming(count: number): string[];
  /** Ends the current track once the next one is ready; false if none is on air. */
  skip(): boolean;
  rescan(): Promise<void>;
}

/** How the pull from another server stands. */
export interface RelayState {
  readonly label: string;
  /** The address that plays or is tried, without credentials and query. */
  readonly url: string;
  /** idle: on demand, and nobody listens. waiting: for the next attempt. */
  readonly state: "idle" | "connecting" | "playing" | "waiting";
  /** On demand: it was idle, and begins; false again once it plays or has failed. */
  readonly isStarting: boolean;
  /** Why an address does not work: a sentence without its end; null if all do. */
  readonly lastError: string | null;
  /** Milliseconds to the next attempt; null unless it waits for one. */
  readonly waitMs: number | null;
  /** Milliseconds since nothing came that should; null while it comes. */
  readonly downMs: number | null;
  /** Streams that were begun since the start. */
  readonly connects: number;
  readonly receivedBytes: number;
  /** null until its first frames. */
  readonly format: StreamFormat | null;
  /** The mounts that its audio has come through, as far as they say so. */
  readonly origins: readonly string[];
}

/** The API's names of inputs. */
export const INPUT_KINDS = ["live", "relay", "playlist", "silence"] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** What pulls the stream of an edge while somebody listens. */
/** An address, without credentials, and how its server proves itself. */
export interface PulledStream {
  readonly href: string;
  readonly trust: { readonly verify: boolean; readonly ca: string | null };
}

export interface Pull {
  /** Its audio is written. */
  readonly isPlaying: boolean;
  /** The stream that is pulled, or would be; null while its certificates are read. */
  readonly master: PulledStream | null;
  /** A listener waits: for this place, or for the live audio. */
  wake(wanted: SharedPlace | null): void;
}

export interface Input {
  /** The API's name for it. */
  readonly kind: InputKind;
  /** The ready input with the highest priority is on air (see priority.ts); checked on every tick, so it may change. */
  readonly priority: number;
  /** It only fills a gap: not programme material. */
  readonly isFiller?: boolean;
  /** A source client: several may be connected, one is on air, and titles sent beside the audio belong to that one. */
  readonly isLive?: boolean;
  /** It takes over again after a short interruption: what it interrupts goes on afterwards where it was. */
  readonly isReturning?: boolean;
  /** Why it is not heard although it is connected, in a few words: "no audio", "flapping"; null: it may be heard. */
  readonly held?: string | null;
  /** Its connection, if any. */
  readonly feed?: Feed;
  /** Its pull, if it pulls its audio. */
  readonly relay?: RelayState;
  /** Listeners would hear it: one that is pulled on demand begins. */
  want?(): void;
  /** Its frames are written as they arrive: it is never due. */
  readonly isFed?: boolean;
  /** Its files, if it plays any. */
  readonly player?: Player;
  /** Its name for log and page: a source client's address and program, "playlist", … */
  readonly name: string;
  /** It has audio to give; checked on every tick. */
  readonly ready: boolean;
  /** Its audio has been silent for `silence_timeout`, which sinks it below a playlist. Set by DeadAir; absent if its audio
   * is not judged. */
  isSilent?: boolean;
  readonly format: StreamFormat | null;
  /** kbit/s, averaged; 0 if unknown. */
  readonly bitrate: number;
  readonly metadata: Metadata;
  /** The name of its show, or "". */
  readonly showName?: string;
  /** The file it is playing, or null. */
  readonly file?: string | null;
  /** Playing time of the track it is playing; null or absent if it plays none, or that is unknown. */
  readonly trackSeconds?: number | null;
  /** How much of that track was heard before an interruption after which it goes on; 0 or absent: nothing. */
  readonly playedSeconds?: number;
  /** A title sent beside the audio; an input that can do so embeds it from its next frames on. */
  retitle?(metadata: Metadata): void;
  /** Of a live input: its connection is open, but nothing has come for longer than usual. */
  isHanging?(nowMs: number): boolean;
  /** Of an input whose frames arrive by themselves: the mount lets them follow what was heard in between. */
  readonly rejoin?: Rejoin;
  /** Called every tick, on air or not, before the choice: the time to change `ready` or `priority`. */
  tick?(nowMs: number): void;
  /** Milliseconds after which tick() may find something, if nothing else happens; absent: no time does. */
  pauseMs?(nowMs: number): number;
  /** The input goes on air. `dueMs`: when what was written before has been played: a paced input anchors its schedule
   * there. It is in the past if listeners have been living on their burst, and then the missing audio is due at once. */
  onAir(nowMs: number, dueMs: number): void;
  /** `next` goes on air in its place. */
  offAir(nowMs: number, next: Input | null): void;
  /** Reads ahead, so that it can be ready. Never rejects. */
  prepare?(): Promise<void>;
  /** Its mount has other settings now; what plays is not interrupted. */
  reconfigure?(before: MountConfig): void;
  /** Closes its connection or files; the mount has removed the input already. Never rejects. */
  close?(why: string): void | Promise<void>;
  /** Called every tick while on air: writes the frames that are due. Does nothing in inputs that write on arrival. */
  advance(nowMs: number): void;
}

/** It has programme material, and writes it when it is due: it can write at once what is missing. */
export function isPaced({ isFed, isFiller }: Pick<Input, "isFed" | "isFiller">): boolean {
  return isFed !== true && isFiller !== true;
}

/** "blocked": accepted, but nothing more until onDrain. "gone": the connection has ended. */
export type SinkState = "open" | "blocked" | "gone";

/** Learns what happens to a sink. */
export interface SinkOwner {
  /** A descriptor has become available. */
  onDescriptor(): void;
  /** Once after each "blocked". */
  onDrain(): void;
}

/** No method throws or calls back into the audience: other listeners are due in the same tick. */
export interface Sink {
  /** Accepts the whole span, and copies what it cannot send at once: the span is the ring's memory. */
  write(span: Uint8Array<ArrayBuffer>): SinkState;
  /** Ends the stream cleanly, after what was accepted. */
  end(): void;
  /** Drops the connection and all unsent data. */
  abort(): void;
  /** The connection's descriptor if the core may write audio to it directly, bypassing `write`; -1: never, or
   * not yet. The core's caller passes the rest that the kernel did not accept to `write`. */
  readonly descriptor: number;
  /** Bytes that it has accepted and the kernel has not. */
  readonly heldBytes?: number;
  /** Those, and the bytes that the peer has not confirmed to the kernel. Only while the connection is open. */
  readonly unreceivedBytes?: number;
  /** The connection needs HTTP/1.1 chunks around the audio; `write` then gets the data already chunked. */
  readonly isChunked: boolean;
  /** Set by the audience; null until then. */
  owner: SinkOwner | null;
  /** The listener has left, and its connection is about to end. `sentBytes`: offered to it. */
  left?(sentBytes: number): void;
}
