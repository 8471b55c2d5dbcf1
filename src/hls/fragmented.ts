// Opus and FLAC as fragments of MP4: the packets of the mount's pages, in another wrapping.
import { FragmentWriter } from "../format/fmp4/fragment-writer.ts";
import { PacketFrames } from "../format/fmp4/packet-frames.ts";
import { MAX_BLOCK_SECONDS, type Track } from "../format/fmp4/ogg-track.ts";
import type { Frames, StreamFormat } from "../format/frame.ts";
import type { Rewrap, RewrappedAudio, SegmentContainer } from "./segment-container.ts";

class Fragments implements Rewrap {
  readonly #packets = new PacketFrames();
  readonly #writer = new FragmentWriter();
  /** By their initialization segments. */
  readonly #tracks = new WeakMap<Uint8Array, Track>();
  /** That of the last fragment. */
  #sequence = -1;

  take(frames: Frames): Frames {
    const packets = this.#packets.take(frames);
    const { track } = this.#packets;
    if (track !== null) this.#tracks.set(track.init, track);
    return packets;
  }

  segment({ parts, start, number }: RewrappedAudio): Uint8Array<ArrayBuffer> {
    const track = this.#tracks.get(parts[0]?.preamble ?? new Uint8Array(0));
    if (track === undefined) throw new TypeError("packets of no track");
    const position = start.in(start.rate);
    this.#sequence = Math.max(this.#sequence + 1, number);
    return this.#writer.write({ track, frames: parts, position, sequence: this.#sequence });
  }
}

class Fragmented implements SegmentContainer {
  readonly ending = "m4s";
  readonly contentType = "audio/mp4";
  readonly hasParts = true;

  constructor(
    private readonly codec: "opus" | "flac",
    /** As in MP4. */
    private readonly name: string,
    readonly unitSeconds: number,
  ) {}

  playlistName({ codec }: StreamFormat): string | null {
    return codec === this.codec ? codec : null;
  }

  codecs(): string {
    return this.name;
  }

  rewrap(): Rewrap {
    return new Fragments();
  }

  segment(): never {
    throw new TypeError("segments come from the rewrap");
  }

  extraBytes(): number {
    return 0;
  }
}

export const fragmentedOpus: SegmentContainer = new Fragmented("opus", "Opus", 0.12);
export const fragmentedFlac: SegmentContainer = new Fragmented("flac", "fLaC", MAX_BLOCK_SECONDS);
