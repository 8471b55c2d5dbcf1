// Packed audio (RFC 8216, 3.4): a tag with the timestamp and the titles, then the mount's frames, untouched.
import type { StreamFormat } from "../format/frame.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { SampleTime } from "./sample-time.ts";
import type { SegmentContainer } from "./segment-container.ts";

const OWNER = "com.apple.streaming.transportStreamTimestamp";
const TIMESCALE = 90_000;
const TIMESTAMP_RANGE = 2 ** 33;
const UTF8 = 3;

/** UTF-16 units of each text. */
const MAX_TEXT_LENGTH = 300;

/** HE-AAC signals its upper half implicitly: with a core of at most this rate it is the usual profile. */
const HE_AAC_RATE = 24_000;

class PackedAudio implements SegmentContainer {
  /** The longest frame of both codecs lasts 128 ms. */
  readonly unitSeconds = 0.128;

  constructor(
    private readonly codec: "mp3" | "aac",
    readonly contentType: string,
    readonly codecs: (format: StreamFormat) => string,
    readonly hasParts: boolean,
  ) {}

  get ending(): string {
    return this.codec;
  }

  playlistName({ codec }: StreamFormat): string | null {
    return codec === this.codec ? codec : null;
  }

  segment({ start, title, bytes: frames }: Parameters<SegmentContainer["segment"]>[0]) {
    const tag = segmentTag(start, title);
    const bytes = new Uint8Array(tag.length + frames.length);
    bytes.set(tag);
    bytes.set(frames, tag.length);
    return bytes;
  }

  extraBytes(_: number, title: Metadata): number {
    return HEAD_BYTES + TIMESTAMP_BYTES + textFrames(title).length;
  }
}

/** hls.js 1.7 puts the second part of an MP3 segment before the start of the stream where a browser takes MP3 as it is. */
const MP3_HAS_PARTS = false;

export const packedMp3: SegmentContainer = new PackedAudio(
  "mp3",
  "audio/mpeg",
  () => "mp4a.40.34",
  MP3_HAS_PARTS,
);

export const packedAac: SegmentContainer = new PackedAudio(
  "aac",
  "audio/aac",
  ({ sampleRate }) => (sampleRate <= HE_AAC_RATE ? "mp4a.40.5" : "mp4a.40.2"),
  true,
);

const HEAD_BYTES = 10;
const TIMESTAMP_BYTES = HEAD_BYTES + OWNER.length + 1 + 8;

/** An ID3v2.4 tag with the timestamp of the first sample, then the title. */
export function segmentTag(start: SampleTime, title: Metadata): Uint8Array {
  const frames = Buffer.concat([timestampFrame(start), textFrames(title)]);
  const head = Buffer.from("ID3\x04\x00\x00", "latin1");
  return Buffer.concat([head, syncSafe(frames.length), frames]);
}

/** PRIV, in units of 1/90,000 s, of which 33 bits count. */
function timestampFrame(start: SampleTime): Uint8Array {
  const value = Buffer.alloc(8);
  value.writeBigUInt64BE(BigInt(start.in(TIMESCALE) % TIMESTAMP_RANGE));
  return frame("PRIV", Buffer.concat([Buffer.from(`${OWNER}\0`, "latin1"), value]));
}

function textFrames({ title, artist, album = "" }: Metadata): Uint8Array {
  return Buffer.concat([
    textFrame("TIT2", title),
    textFrame("TPE1", artist),
    textFrame("TALB", album),
  ]);
}

function textFrame(id: string, text: string): Uint8Array {
  if (text === "") return new Uint8Array(0);
  const value = Buffer.from(text.slice(0, MAX_TEXT_LENGTH).toWellFormed());
  return frame(id, Buffer.concat([Uint8Array.of(UTF8), value]));
}

function frame(id: string, content: Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.from(id, "latin1"),
    syncSafe(content.length),
    Buffer.alloc(2),
    content,
  ]);
}

/** Seven bits a byte. */
function syncSafe(value: number): Uint8Array {
  return Uint8Array.of((value >> 21) & 127, (value >> 14) & 127, (value >> 7) & 127, value & 127);
}
