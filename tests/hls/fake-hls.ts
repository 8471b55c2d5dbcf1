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

export type Kind = "mp3" | "opus";

/** What a test makes wrong; `version` counts the playlists, `number` the segments. */
export interface Wrong {
  index?(text: string): string;
  list?(text: string, version: number, name: string): string;
  segment?(bytes: Uint8Array, number: number): Uint8Array;
  init?(bytes: Uint8Array): Uint8Array;
  answer?(answer: Answer, name: string): Answer;
}

const WINDOW = 4;
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** 230 MP3 frames, 300 packets of Opus: about 6 s. */
const MP3_SAMPLES = 230 * 1152;
const OPUS_SAMPLES = 300 * 960;

const frames = concat(...mpegFrames(230, { bitrate: 32, sampleRate: 48_000 }));
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
    this.ending = kind === "mp3" ? "mp3" : "m4s";
    this.seconds = (kind === "mp3" ? MP3_SAMPLES : OPUS_SAMPLES) / 48_000;
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
    const [, number] = /-(\d+)\.\w+$/.exec(name) ?? [];
    if (number === undefined) return { ...media("text/plain", new Uint8Array(0)), status: 404 };
    const bytes = this.#segment(Number(number));
    const type = this.kind === "mp3" ? "audio/mpeg" : "audio/mp4";
    return media(type, this.wrong.segment?.(bytes, Number(number)) ?? bytes);
  }

  #segment(number: number): Uint8Array {
    if (this.kind === "opus") return fragment(number);
    const start = new SampleTime(0, number * MP3_SAMPLES, 48_000);
    return concat(segmentTag(start, { artist: "", title: "" }), frames);
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
    const codecs = this.kind === "mp3" ? "mp4a.40.34" : "Opus";
    const bits = Math.round((this.#segment(5).length * 8) / this.seconds);
    const streams = this.variants.flatMap((name) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${bits + 200},AVERAGE-BANDWIDTH=${bits},CODECS="${codecs}"`,
      `${name}.m3u8`,
    ]);
    return ["#EXTM3U", "#EXT-X-VERSION:3", ...streams, ""].join("\n");
  }

  #list(name: string): string {
    const numbers = Array.from({ length: WINDOW }, (_, i) => this.version + i);
    return [
      "#EXTM3U",
      `#EXT-X-VERSION:${this.kind === "mp3" ? 3 : 6}`,
      "#EXT-X-TARGETDURATION:6",
      `#EXT-X-MEDIA-SEQUENCE:${this.version}`,
      "#EXT-X-DISCONTINUITY-SEQUENCE:7",
      "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES",
      `#EXT-X-DATERANGE:ID="t1",CLASS="radio.title",START-DATE="${dateOf(-60)}",END-ON-NEXT=YES,X-TITLE="A, B"`,
      ...(this.kind === "mp3" ? [] : ['#EXT-X-MAP:URI="init0.mp4"']),
      ...numbers.flatMap((number) => [
        `#EXT-X-PROGRAM-DATE-TIME:${dateOf(number * this.seconds)}`,
        `#EXTINF:${this.seconds.toFixed(5)},`,
        `${name}-${number}.${this.ending}`,
      ]),
      "",
    ].join("\n");
  }
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
