// A live stream of HLS that is right, and can be made wrong in one place: as packed MP3 or as fragments of MP4.
import { FragmentWriter } from "../../src/format/fmp4/fragment-writer.ts";
import { SampleTime } from "../../src/hls/sample-time.ts";
import { segmentTag } from "../../src/hls/packed-audio.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../format/ogg-builder.ts";
import { packetsOf } from "../format/fmp4/rewrap.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import type { Answer } from "../support/hls/validator.ts";

export const ROOT = "http://radio/hls/";
export const INDEX = `${ROOT}index.m3u8`;

/** "parts": MP3 with five parts of each segment. */
export type Kind = "mp3" | "opus" | "parts";

/** What a test makes wrong; `version` counts the playlists by their removed segments, `number` the segments. */
export interface Wrong {
  index?(text: string): string;
  list?(text: string, version: number, name: string): string;
  segment?(bytes: Uint8Array, number: number): Uint8Array;
  part?(bytes: Uint8Array, number: number, index: number): Uint8Array;
  init?(bytes: Uint8Array): Uint8Array;
  answer?(answer: Answer, name: string): Answer;
}

const WINDOW = 4;
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** 230 MP3 frames, 300 packets of Opus: about 6 s. */
const MP3_SAMPLES = 230 * 1152;
const OPUS_SAMPLES = 300 * 960;

const PARTS = 5;
const FRAMES_OF_A_PART = 46;
const PART_SAMPLES = FRAMES_OF_A_PART * 1152;

/** Segments that are listed with their parts. */
const WITH_PARTS = 2;

const single = mpegFrames(230, { bitrate: 32, sampleRate: 48_000 });
const frames = concat(...single);
const opus = packetsOf(
  oggChain({
    headers: [opusHead({ preSkip: 0 }), opusTags()],
    pages: Array.from({ length: 300 }, (_, i) => [opusPacket(20, i)]),
  }),
);
const written = new Map<number, Uint8Array>();

function fragment(number: number): Uint8Array {
  const track = opus[0]!.track;
  const position = number * OPUS_SAMPLES;
  const bytes =
    written.get(number) ??
    new FragmentWriter().write({
      track,
      frames: opus.map((piece) => piece.frames),
      position,
      sequence: number,
    });
  written.set(number, bytes);
  return bytes;
}

export class FakeHls {
  version = 0;
  readonly ending: string;
  readonly seconds: number;

  constructor(
    private readonly kind: Kind,
    private readonly wrong: Wrong = {},
    private readonly variants: readonly string[] = ["a"],
  ) {
    this.ending = kind === "opus" ? "m4s" : "mp3";
    this.seconds = (kind === "opus" ? OPUS_SAMPLES : MP3_SAMPLES) / 48_000;
  }

  get nowMs(): number {
    return EPOCH_MS + Math.round(this.version * this.seconds * 1000);
  }

  readonly fetch = (
    url: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const name = url.slice(ROOT.length);
    const right = this.#answer(name);
    const { etag = "" } = Object.fromEntries(right.headers);
    const isKnown = etag !== "" && headers["if-none-match"] === etag;
    const answer = isKnown ? { ...right, status: 304, body: new Uint8Array(0) } : right;
    return Promise.resolve(this.wrong.answer?.(answer, name) ?? answer);
  };

  #answer(name: string): Answer {
    const [, list] = /^(\w+)\.m3u8$/.exec(name) ?? [];
    if (list !== undefined) return this.#playlist(list);
    if (name === "init0.mp4") {
      const { init } = opus[0]!.track;
      return media("audio/mp4", this.wrong.init?.(init) ?? init);
    }
    const [, of, index] = /-(\d+)-(\d)\.mp3$/.exec(name) ?? [];
    if (of !== undefined) return media("audio/mpeg", this.#part(Number(of), Number(index)));
    const [, number] = /-(\d+)\.\w+$/.exec(name) ?? [];
    if (number === undefined) return { ...media("text/plain", new Uint8Array(0)), status: 404 };
    const bytes = this.#segment(Number(number));
    const type = this.kind === "opus" ? "audio/mp4" : "audio/mpeg";
    return media(type, this.wrong.segment?.(bytes, Number(number)) ?? bytes);
  }

  #segment(number: number): Uint8Array {
    if (this.kind === "opus") return fragment(number);
    const start = new SampleTime(0, number * MP3_SAMPLES, 48_000);
    return concat(segmentTag(start, { artist: "", title: "" }), frames);
  }

  #part(number: number, index: number): Uint8Array {
    const start = new SampleTime(0, number * MP3_SAMPLES + index * PART_SAMPLES, 48_000);
    const own = single.slice(index * FRAMES_OF_A_PART, (index + 1) * FRAMES_OF_A_PART);
    const bytes = concat(segmentTag(start, { artist: "", title: "" }), ...own);
    return this.wrong.part?.(bytes, number, index) ?? bytes;
  }

  #playlist(name: string): Answer {
    const text =
      name === "index"
        ? (this.wrong.index?.(this.#index()) ?? this.#index())
        : (this.wrong.list?.(this.#list(name), this.version, name) ?? this.#list(name));
    const body = new Uint8Array(Buffer.from(text, "latin1"));
    const headers = new Headers({
      "content-type": "application/vnd.apple.mpegurl",
      "cache-control": "public, max-age=1",
      etag: `"${Bun.hash(body)}"`,
      "access-control-allow-origin": "*",
    });
    return { status: 200, headers, body };
  }

  #index(): string {
    const codecs = this.kind === "opus" ? "Opus" : "mp4a.40.34";
    const bits = Math.round((this.#segment(5).length * 8) / this.seconds);
    const streams = this.variants.flatMap((name) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${bits + 200},AVERAGE-BANDWIDTH=${bits},CODECS="${codecs}"`,
      `${name}.m3u8`,
    ]);
    return ["#EXTM3U", "#EXT-X-VERSION:3", ...streams, ""].join("\n");
  }

  #list(name: string): string {
    const first = Math.floor(this.version + 0.01);
    const numbers = Array.from({ length: WINDOW }, (_, i) => first + i);
    const [hasParts, growing] = [this.kind === "parts", first + WINDOW];
    const done = Math.round((this.version - first) * PARTS);
    return [
      "#EXTM3U",
      `#EXT-X-VERSION:${this.kind === "opus" ? 6 : 3}`,
      "#EXT-X-TARGETDURATION:6",
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      "#EXT-X-DISCONTINUITY-SEQUENCE:7",
      `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES${hasParts ? ",PART-HOLD-BACK=3.45" : ""}`,
      ...(hasParts ? ["#EXT-X-PART-INF:PART-TARGET=1.15"] : []),
      `#EXT-X-DATERANGE:ID="t1",CLASS="radio.title",START-DATE="${dateOf(-60)}",END-ON-NEXT=YES,X-TITLE="A, B"`,
      ...(this.kind === "opus" ? ['#EXT-X-MAP:URI="init0.mp4"'] : []),
      ...numbers.flatMap((number) => [
        `#EXT-X-PROGRAM-DATE-TIME:${dateOf(number * this.seconds)}`,
        ...(hasParts && number >= growing - WITH_PARTS ? partLines(name, number, PARTS) : []),
        `#EXTINF:${this.seconds.toFixed(5)},`,
        `${name}-${number}.${this.ending}`,
      ]),
      ...(hasParts ? partLines(name, growing, done) : []),
      ...(hasParts ? [`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${name}-${growing}-${done}.mp3"`] : []),
      "",
    ].join("\n");
  }
}

function partLines(name: string, number: number, count: number): string[] {
  const seconds = (PART_SAMPLES / 48_000).toFixed(5);
  return Array.from(
    { length: count },
    (_, i) => `#EXT-X-PART:DURATION=${seconds},URI="${name}-${number}-${i}.mp3",INDEPENDENT=YES`,
  );
}

function dateOf(seconds: number): string {
  return new Date(EPOCH_MS + Math.round(seconds * 1000)).toISOString();
}

function media(type: string, body: Uint8Array): Answer {
  const headers = new Headers({
    "content-type": type,
    "cache-control": "public, max-age=86400, immutable",
    "access-control-allow-origin": "*",
  });
  return { status: 200, headers, body };
}
