// `bun tests/bench/pacing.ts [MINUTES]`: how far from its due time each frame of a playlist reaches a listener.
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { scratch } from "../support/station.ts";
import { firstAudio, runStation } from "./process.ts";

const minutes = Number(Bun.argv[2] ?? 10);
/** The burst is early by design. */
const BURST_SECONDS = 6;
const METER_MS = 5;

await using directory = await scratch();
await using station = await runStation(directory.path);
await firstAudio(station);

const answer = await fetch(`${station.url}/stream`);
const parser = createMpegParser();
const lateness: number[] = [];
const startMs = performance.now();
let audioSeconds = 0;

/** What the machine does to any timer in this time: the station cannot do better. */
let ownWorstMs = 0;
let expectedMs = startMs + METER_MS;
const meter = setInterval(() => {
  ownWorstMs = Math.max(ownWorstMs, performance.now() - expectedMs);
  expectedMs = performance.now() + METER_MS;
}, METER_MS);

for await (const chunk of answer.body ?? []) {
  const nowMs = performance.now() - startMs;
  const frames = parser.push(chunk);
  for (let i = 0; i < frames.count; i++) {
    if (nowMs > BURST_SECONDS * 1000) lateness.push(nowMs - audioSeconds * 1000);
    audioSeconds += (frames.samples[i] ?? 0) / (parser.format?.sampleRate ?? 1);
  }
  if (nowMs > minutes * 60_000) break;
}

clearInterval(meter);

/** The earliest frame is taken to be on time: the sum of all that may go wrong is in the others. */
const earliest = lateness.reduce(
  (least, value) => Math.min(least, value),
  Number.POSITIVE_INFINITY,
);
const late = lateness.map((value) => value - earliest).toSorted((a, b) => a - b);
const at = (share: number) => late[Math.floor((late.length - 1) * share)]?.toFixed(1);
const half = Math.floor(lateness.length / 2);
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const drift = mean(lateness.slice(half)) - mean(lateness.slice(0, half));
console.log(`${late.length} frames in ${minutes} min, garbage ${parser.garbageBytes} bytes`);
console.log(`lateness p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)} ms`);
const tardy = late.filter((ms) => ms > 50).length;
console.log(`${tardy} frames more than 50 ms late`);
console.log(`this program's own timer was at worst ${ownWorstMs.toFixed(1)} ms late`);
console.log(`drift between the halves ${drift.toFixed(2)} ms`);
