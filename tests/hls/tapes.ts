// Audio of each codec as inputs bring it, again and again.
import type { FrameParser, Frames } from "../../src/format/frame.ts";
import { createOggParser } from "../../src/format/ogg/ogg.ts";
import { createAdtsParser } from "../../src/format/sync/adts.ts";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import type { Mount } from "../../src/mount/mount.ts";
import { adtsFrames } from "../format/adts-builder.ts";
import {
  comments,
  flacBlock,
  flacHead,
  flacPacket,
  oggChain,
  opusHead,
  opusPacket,
  opusTags,
} from "../format/ogg-builder.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { FakeInput } from "../mount/fake-input.ts";

/** Ten seconds or so of a codec, again and again; chains of Ogg follow each other. */
export class Tape {
  readonly input: FakeInput;
  readonly #parser: FrameParser;
  #at = 0;
  #owed = 0;

  constructor(
    kind: "live" | "playlist",
    create: () => FrameParser,
    private readonly pieces: readonly Uint8Array[],
  ) {
    this.input = new FakeInput(kind);
    this.#parser = create();
  }

  /** Writes what is due after so many seconds more. */
  play(mount: Mount, seconds: number, nowMs: number): void {
    mount.advance(nowMs);
    this.#owed += seconds + this.input.takeOwed();
    while (this.#owed > 0) {
      const piece = this.pieces[this.#at++ % this.pieces.length] ?? new Uint8Array(0);
      this.#write(mount, this.#parser.push(piece), nowMs);
    }
  }

  #write(mount: Mount, first: Frames, nowMs: number): void {
    for (let frames = first; frames.count > 0; frames = this.#parser.next()) {
      this.input.format = this.#parser.format;
      mount.write(this.input, frames, nowMs);
      this.#owed -= frames.seconds;
    }
  }
}

function opusTape(kind: "live" | "playlist"): Tape {
  const pages = Array.from({ length: 10 }, (_, page) =>
    Array.from({ length: 50 }, (_, i) => opusPacket(160, page * 50 + i)),
  );
  const headers = [opusHead({ preSkip: 312 }), opusTags()];
  return new Tape(kind, createOggParser, oggChain({ headers, pages }));
}

function flacTape(kind: "live" | "playlist"): Tape {
  const pages = Array.from({ length: 96 }, () => [flacPacket(900)]);
  const headers = [flacHead(), flacBlock(4, comments([]), true)];
  const granules = pages.map((_, i) => (i + 1) * 4608);
  return new Tape(kind, createOggParser, oggChain({ headers, pages, granules }));
}

export function framesTape(
  kind: "live" | "playlist",
  create: () => FrameParser,
  frames: readonly Uint8Array[],
): Tape {
  const pieces = Array.from({ length: frames.length / 10 }, (_, i) =>
    concat(...frames.slice(i * 10, i * 10 + 10)),
  );
  return new Tape(kind, create, pieces);
}

export const TAPES: Readonly<Record<string, (kind: "live" | "playlist") => Tape>> = {
  mp3: (kind) =>
    framesTape(kind, createMpegParser, mpegFrames(400, { bitrate: 64, mode: "stereo" })),
  aac: (kind) => framesTape(kind, createAdtsParser, adtsFrames(400, { sampleRate: 24_000 })),
  opus: opusTape,
  flac: flacTape,
};
