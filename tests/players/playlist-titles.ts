// What the playlists and segments of a mount say of titles, compared with the sound in the segments.
import { readMediaPlaylist } from "../support/hls/media-playlist.ts";
import type { Attributes, Segment } from "../support/hls/playlist-text.ts";
import { tonesIn } from "../support/tones.ts";
import type { Turn } from "./progress.ts";
import type { Finding } from "./report.ts";
import { toneIn, TONES } from "./songs.ts";
import { isNear, judgeTitles, spread } from "./titles.ts";

/** A tone that sounds from one moment to another, in milliseconds since 1970. */
interface Sounding extends Turn {
  readonly endMs: number;
}

/** Segments whose dates are further apart do not follow each other. */
const GAP_MS = 100;

const ID3_HEAD = 10;

export class PlaylistTitles {
  readonly #segments = new Map<number, Segment>();
  readonly #ranges = new Map<string, Attributes>();
  readonly #files = new Map<string, Uint8Array>();

  constructor(private readonly path: string) {}

  /** An answer with status 200. */
  see(url: string, body: Uint8Array): void {
    if (!new URL(url).pathname.endsWith(".m3u8")) return void this.#files.set(url, body);
    const text = new TextDecoder().decode(body);
    if (!text.includes("#EXTINF")) return;
    const { segments, ranges } = readMediaPlaylist(url, body, () => undefined);
    for (const segment of segments) this.#segments.set(segment.number, segment);
    for (const range of ranges) this.#ranges.set(range.get("ID") ?? "", range);
  }

  async judge(): Promise<Finding[]> {
    const whole = [...this.#segments.values()].filter(({ url }) => this.#files.has(url));
    const segments = whole.toSorted((a, b) => a.number - b.number);
    const sounds: Sounding[] = [];
    for (const stretch of stretchesOf(segments)) sounds.push(...(await this.#soundsOf(stretch)));
    return [this.#judgeRanges(segments, sounds), ...this.#judgeTags(segments, sounds)];
  }

  async #soundsOf(stretch: readonly Segment[]): Promise<Sounding[]> {
    const [first] = stretch;
    const init = this.#files.get(first?.map ?? "") ?? new Uint8Array(0);
    const bodies = stretch.map(({ url }) => untagged(this.#files.get(url) ?? init));
    const heard = tonesIn(await decoded(Buffer.concat([init, ...bodies])), TONES);
    const beginMs = first?.dateMs ?? 0;
    return heard.map(({ hertz, from, to }) => ({
      tone: hertz,
      atMs: beginMs + from * 1000,
      endMs: beginMs + to * 1000,
    }));
  }

  #judgeRanges(segments: readonly Segment[], sounds: readonly Sounding[]): Finding {
    const titles = [...this.#ranges.values()].flatMap((range) => {
      const tone = toneIn(range.get("X-TITLE") ?? "");
      const atMs = Date.parse((range.get("START-DATE") ?? "").replaceAll('"', ""));
      return tone === null ? [] : [{ atMs, tone }];
    });
    const [first, last] = [segments[0], segments.at(-1)];
    // What begins before the first segment is not in it, and the title of what begins in the last one may follow.
    const span = [(first?.dateMs ?? 0) + 1000, (last?.dateMs ?? 0) - 1000] as const;
    const judged = judgeTitles(titles, sounds, span);
    return {
      who: `titles of ${this.path}`,
      what: "EXT-X-DATERANGE within 1 s of the sound",
      ...judged,
    };
  }

  /** A tag has the title that sounds where its segment begins. */
  #judgeTags(segments: readonly Segment[], sounds: readonly Sounding[]): Finding[] {
    const tagged = segments.filter(({ map }) => map === null);
    if (tagged.length === 0) return [];
    const delays = tagged.map(({ url, dateMs }) => {
      const tone = toneIn(titleIn(this.#files.get(url) ?? new Uint8Array(0)));
      return tone === null ? null : apart(dateMs ?? 0, tone, sounds);
    });
    const bad = delays.flatMap((delay, i) => (isNear(delay) ? [] : [tagged[i]?.url ?? ""]));
    const what = "ID3 tags name what sounds within 1 s of their segment's begin";
    const fault = bad.join("\n") || null;
    return [{ who: `titles of ${this.path}`, what, fault, figures: spread(delays) }];
  }
}

/** Segments that a decoder takes as one. */
function stretchesOf(segments: readonly Segment[]): Segment[][] {
  const stretches: Segment[][] = [];
  let before: Segment | null = null;
  for (const segment of segments) {
    const dueMs: number = (before?.dateMs ?? 0) + (before?.duration ?? 0) * 1000;
    const follows: boolean =
      before?.map === segment.map && Math.abs((segment.dateMs ?? 0) - dueMs) < GAP_MS;
    if (follows) stretches.at(-1)?.push(segment);
    else stretches.push([segment]);
    before = segment;
  }
  return stretches;
}

/** Milliseconds from the nearest moment of this tone to `atMs`; null if it never sounds. */
function apart(atMs: number, wanted: number, sounds: readonly Sounding[]): number | null {
  const all = sounds
    .filter(({ tone }) => tone === wanted)
    .map((sound) => atMs - Math.min(Math.max(atMs, sound.atMs), sound.endMs))
    .toSorted((a, b) => Math.abs(a) - Math.abs(b));
  return all[0] ?? null;
}

/** Seven bits a byte. */
const syncSafe = (bytes: Uint8Array) => bytes.reduce((value, byte) => value * 128 + byte, 0);

const isTagged = (bytes: Uint8Array) =>
  Buffer.from(bytes.subarray(0, 3)).equals(Buffer.from("ID3"));

function untagged(bytes: Uint8Array): Uint8Array {
  return isTagged(bytes) ? bytes.subarray(ID3_HEAD + syncSafe(bytes.subarray(6, ID3_HEAD))) : bytes;
}

/** The title in the tag in front; empty without one. */
function titleIn(bytes: Uint8Array): string {
  const tag = Buffer.from(bytes.subarray(0, bytes.length - untagged(bytes).length));
  const at = tag.indexOf("TIT2");
  if (at < 0) return "";
  const length = syncSafe(tag.subarray(at + 4, at + 8));
  return tag.subarray(at + ID3_HEAD + 1, at + ID3_HEAD + length).toString();
}

/** Stereo, 44.1 kHz. */
async function decoded(media: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
  const options = "-nostdin -v error -i pipe:0 -ac 2 -ar 44100 -f f32le pipe:1";
  const program = Bun.spawn(["ffmpeg", ...options.split(" ")], {
    ...{ stdin: new Blob([media]), stdout: "pipe", stderr: "ignore" },
  });
  return new Float32Array(await new Response(program.stdout).arrayBuffer());
}
