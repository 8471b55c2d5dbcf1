// Pure: the cue sheet beside a recorded file, with a track for each title.
import type { TitleMark } from "./segment.ts";

/** The format's own unit: the sectors of a CD. */
const SECTORS_PER_SECOND = 75;

/** The format has two digits for tracks. */
const MAX_TRACKS = 99;

export interface CueFacts {
  /** Name of the audio file. */
  readonly file: string;
  readonly title: string;
  readonly performer: string;
  readonly sampleRate: number;
  readonly titles: readonly TitleMark[];
}

export function cueSheet({ file, title, performer, sampleRate, titles }: CueFacts): string {
  const tracks = tracksOf(titles, sampleRate).slice(0, MAX_TRACKS);
  const lines = [
    `PERFORMER ${quoted(performer)}`,
    `TITLE ${quoted(title)}`,
    `FILE ${quoted(file)} ${file.endsWith(".mp3") ? "MP3" : "WAVE"}`,
    ...tracks.flatMap(({ mark, sector }, at) => [
      `  TRACK ${two(at + 1)} AUDIO`,
      `    TITLE ${quoted(mark.title || title)}`,
      `    PERFORMER ${quoted(mark.artist || performer)}`,
      `    INDEX 01 ${timeOf(sector)}`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The first begins with the file; of those in one sector, the last counts. */
function tracksOf(titles: readonly TitleMark[], sampleRate: number) {
  const sectors = titles.map((mark, at) => {
    const sector = Math.floor((mark.sample / sampleRate) * SECTORS_PER_SECOND);
    return { mark, sector: at === 0 ? 0 : sector };
  });
  return sectors.filter(({ sector }, at) => sectors[at + 1]?.sector !== sector);
}

function timeOf(sector: number): string {
  const seconds = Math.floor(sector / SECTORS_PER_SECOND);
  const minutes = Math.floor(seconds / 60);
  return [minutes, seconds % 60, sector % SECTORS_PER_SECOND].map(two).join(":");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The format has no escaping. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}
