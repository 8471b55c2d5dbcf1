// Songs that say which they are: each has a tone of its own and some noise, so that a listener knows by ear what plays, and no
// stretch of samples occurs twice.
import { join } from "node:path";

/** Seconds of a song. */
export const SONG_SECONDS = 10;

/** The songs of one live show. */
export const SHOW_SONGS = 4;

/** Numbers of tracks are below, those of songs in shows are from here on. */
export const FIRST_OF_SHOWS = 1000;

/** Songs in a row that have tones of their own; tracks and shows share none. */
const ROUND = 12;

/** In Hz, far enough apart for a browser's analyser. */
export const TONES = Array.from({ length: 2 * ROUND }, (_, i) => 400 + i * 180);

/** Songs that follow each other have different tones, also where a show begins and ends. */
export const toneOf = (song: number): number => {
  const isTrack = song < FIRST_OF_SHOWS;
  const place = isTrack
    ? (song % TRACK_NUMBERS) % ROUND
    : ROUND + ((song - FIRST_OF_SHOWS) % ROUND);
  return TONES[place] ?? 0;
};

/** The numbers that the tracks of one codec have for themselves. */
export const TRACK_NUMBERS = 100;

export const titleOf = (song: number): string => `Tone ${toneOf(song)} of Song ${song}`;
export const ARTIST = "The Tones";

/** The tone that a title names; null if it names none. */
export function toneIn(title: string): number | null {
  const [, tone] = /Tone (\d+) of/.exec(title) ?? [];
  return tone === undefined ? null : Number(tone);
}

/** Without noise that decoders make up. */
export const CODECS = {
  mp3: {
    rate: 44_100,
    ending: "mp3",
    type: "audio/mpeg",
    encode: "-c:a libmp3lame -b:a 128k -f mp3",
  },
  aac: {
    rate: 44_100,
    ending: "aac",
    type: "audio/aac",
    encode: "-c:a aac -aac_pns 0 -b:a 128k -f adts",
  },
  opus: {
    rate: 48_000,
    ending: "opus",
    type: "application/ogg",
    encode: "-c:a libopus -b:a 96k -page_duration 200000 -f ogg",
  },
  flac: {
    rate: 44_100,
    ending: "flac.ogg",
    type: "application/ogg",
    encode: "-c:a flac -sample_fmt s16 -page_duration 200000 -f ogg",
  },
} as const;

export type CodecName = keyof typeof CODECS;
export const CODEC_NAMES = Object.keys(CODECS) as readonly CodecName[];

const LEVEL = 6000;
const NOISE = 1500;

/** Stereo of 16 bits. */
function samplesOf(songs: readonly number[], rate: number): Int16Array<ArrayBuffer> {
  const length = SONG_SECONDS * rate;
  const samples = new Int16Array(2 * length * songs.length);
  let at = 0;
  for (const song of songs) {
    let noise = song * 7919 + 1;
    const step = (2 * Math.PI * toneOf(song)) / rate;
    for (let i = 0; i < length; i++) {
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) | 0;
      const value = LEVEL * Math.sin(step * i) + NOISE * (noise / 2 ** 31);
      samples[at++] = value;
      samples[at++] = value;
    }
  }
  return samples;
}

/** Encodes the songs back to back, unless the file is there. */
export async function encode(
  codec: CodecName,
  songs: readonly number[],
  path: string,
  tags: readonly string[] = [],
): Promise<void> {
  if (await Bun.file(path).exists()) return;
  const { rate, encode: how } = CODECS[codec];
  const input = ["-f", "s16le", "-ar", String(rate), "-ac", "2", "-i", "pipe:0"];
  const words = ["ffmpeg", "-v", "error", "-y", ...input, ...tags, ...how.split(" "), path];
  const stdin = new Blob([samplesOf(songs, rate)]);
  const program = Bun.spawn(words, { stdin, stdout: "ignore", stderr: "pipe" });
  const said = await new Response(program.stderr).text();
  if ((await program.exited) !== 0) throw new Error(`${words.join(" ")}: ${said}`);
}

/** A folder of tagged tracks; the first has the song `first`. */
export async function encodeTracks(
  codec: CodecName,
  folder: string,
  first: number,
  count: number,
): Promise<void> {
  for (let song = first; song < first + count; song++) {
    const tags = ["-metadata", `artist=${ARTIST}`, "-metadata", `title=${titleOf(song)}`];
    const name = `${ARTIST} - ${titleOf(song)}.${CODECS[codec].ending}`;
    await encode(codec, [song], join(folder, name), tags);
  }
}
