// The two ends of a mount: Inputs, one of which is on air at any moment, and Sinks, one a listener.
import type { StreamFormat } from "../format/frame.ts";
import type { Metadata } from "./metadata.ts";

/** What is known of the connection that feeds an input. */
export interface Feed {
  readonly client: {
    readonly address: string;
    readonly userAgent: string;
    /** kbit/s that it says it sends; 0 or absent: it does not say. */
    readonly declaredBitrate?: number;
  };
  readonly receivedBytes: number;
  /** Bytes that were in no frame. */
  readonly garbageBytes: number;
  /** When its first bytes came, and its last frames. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Playing time of all its frames. */
  readonly seconds: number;
}

/** The files that an input plays, as far as they are known. */
export interface TrackList {
  /** Files that can be played. */
  readonly count: number;
  readonly skippedCount: number;
  /** The first look is over. */
  readonly isKnown: boolean;
  /** Names of files left out, some of many, and why each is. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Folders that could not be read, and the system's code for why. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Files with other endings, counted by ending. */
  readonly passedOver: ReadonlyMap<string, number>;
  readonly tooDeep: readonly string[];
  /** There are more files than are looked at. */
  readonly isCutOff: boolean;
  /** How long the disk has not answered; 0 while it does. */
  readonly unansweredSeconds: number;
}

/** What an input that plays files can be asked to do. */
export interface Player {
  readonly tracks: TrackList;
  readonly metadata: Metadata;
  /** The name of the file that is heard; null while another input is on air. */
  readonly heardFile: string | null;
  upcoming(count: number): string[];
  /** Ends the track that is heard once the next is there; false when none is on air. */
  skip(): boolean;
  rescan(): Promise<void>;
}

export interface Input {
  /** What it is, in the words of the API: "live", "playlist", "silence". */
  readonly kind: string;
  /** The ready input with the highest number is on air: 100 live, 50 playlist, 0 silence. */
  readonly priority: number;
  /** Fills a gap: nothing that anybody chose to play. */
  readonly isFiller?: boolean;
  /** A source client: one at a time holds the mount, and titles told beside the audio are its own. */
  readonly isLive?: boolean;
  /** The connection behind it, if there is one. */
  readonly feed?: Feed;
  /** The files behind it, if it plays any. */
  readonly player?: Player;
  /** Who it is, for log and page: a source client's address and program, "playlist", … */
  readonly name: string;
  /** It has audio to give. The mount looks at every tick. */
  readonly ready: boolean;
  readonly format: StreamFormat | null;
  /** kbit/s, averaged; 0 when it is not known yet. */
  readonly bitrate: number;
  readonly metadata: Metadata;
  /** What it calls its show, or "". */
  readonly showName?: string;
  /** The file it plays from, or null. */
  readonly file?: string | null;
  /** A title told beside its audio, which its frames may carry from the next on that can. */
  retitle?(metadata: Metadata): void;
  /** From now on its frames are heard; a paced input anchors its schedule here. */
  onAir(nowMs: number): void;
  /** Another input has the air. */
  offAir(): void;
  /** Reads ahead, so that it can be ready. Never rejects. */
  prepare?(): Promise<void>;
  /** Lets go of the connection or files behind it, after the mount has let go of the input. Never rejects. */
  close?(why: string): void | Promise<void>;
  /** Once a tick while on air: writes the frames that are due. Inputs that write on arrival do nothing. */
  advance(nowMs: number): void;
}

/** "blocked": taken, but nothing more before onDrain. "gone": the connection has ended. */
export type SinkState = "open" | "blocked" | "gone";

/** None of its methods throws or asks the audience for more: others are due in the same tick. */
export interface Sink {
  /** Takes the whole span, copying what it cannot send at once: the span's memory is the ring's. */
  write(span: Uint8Array<ArrayBuffer>): SinkState;
  /** A clean end of the stream, after what was taken. */
  end(): void;
  /** Drops the connection with whatever it still holds. */
  abort(): void;
  /** The descriptor of its connection when audio may be written there by the core, past `write`; -1: not, or
   * not yet. Whoever has it writes the rest of what the kernel did not take by `write`. */
  readonly descriptor: number;
  /** What goes there needs the chunks of HTTP/1.1 around it; `write` then takes it with them. */
  readonly isChunked: boolean;
  /** Set by whoever writes: called when there is a descriptor, if there was none before. */
  onDescriptor: () => void;
  /** Set by whoever writes: called once after each "blocked". */
  onDrain: () => void;
}
