// Pure: the figures about a library as tables.
import type { LibraryFigures } from "./library.ts";
import type { ScanFigures } from "./scan.ts";
import { type Cell, fixed, markdownTable } from "./table.ts";

function titled(title: string, columns: readonly string[], rows: readonly Cell[][]): string {
  return `${title}\n${markdownTable(columns, rows)}\n`;
}

function scanTable({ files, firstAudioMs, filesPerSecond, residentMB }: ScanFigures): string {
  const rows = [
    ["3 files", fixed(firstAudioMs.few, 0), null, fixed(residentMB.few, 0), null],
    [
      `${files} unknown files`,
      fixed(firstAudioMs.unknown, 0),
      fixed(filesPerSecond, 0),
      fixed(residentMB.settled, 0),
      fixed(residentMB.most, 0),
    ],
    [`${files} known files`, fixed(firstAudioMs.known, 0), null, null, null],
  ];
  const columns = ["library", "first audio ms", "scanned per s", "RSS MB", "at most MB"];
  return titled("libraries", columns, rows);
}

function conversionTable(conversions: LibraryFigures["conversions"]): string {
  const rows = conversions.map(({ what, timesRealTime, ffmpeg }) => {
    const ratio = ffmpeg === null ? null : fixed(timesRealTime / ffmpeg, 2);
    return [what, fixed(timesRealTime, 0), fixed(ffmpeg, 0), ratio];
  });
  const columns = ["converter", "s of audio per CPU s", "FFmpeg's", "of FFmpeg's"];
  return titled("conversion", columns, rows);
}

function playingTable(playing: LibraryFigures["playing"]): string {
  const liquidsoap = playing.find(({ program }) => program === "Liquidsoap")?.cpuSeconds ?? null;
  const rows = playing.map(({ program, cpuSeconds }) => {
    const ratio = liquidsoap === null ? null : fixed(cpuSeconds / liquidsoap, 2);
    return [program, fixed(cpuSeconds, 1), ratio];
  });
  return titled(
    "songs of different loudness, evenly loud",
    ["program", "CPU s per hour", "of Liquidsoap's"],
    rows,
  );
}

function pacingTable(pacing: LibraryFigures["pacing"]): string {
  const rows = pacing.map(({ isConverting, loop, frames }) => [
    isConverting ? "converting" : "playing alone",
    ...[loop.p99, loop.max, frames.p99, frames.max].map((ms) => fixed(ms, 1)),
  ]);
  const columns = ["the station is", "loop late p99", "max ms", "frames late p99", "max  ms"];
  return titled("pacing", columns, rows);
}

export function libraryTable({ scan, conversions, playing, pacing }: LibraryFigures): string {
  return [
    ...(scan === null ? [] : [scanTable(scan)]),
    ...(conversions.length === 0 ? [] : [conversionTable(conversions)]),
    ...(playing.length === 0 ? [] : [playingTable(playing)]),
    ...(pacing.length === 0 ? [] : [pacingTable(pacing)]),
  ].join("\n");
}
