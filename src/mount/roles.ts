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
  /** Ends the connection behind it, if there is one: the mount has let go of it already. */
  close?(why: string): void;
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
