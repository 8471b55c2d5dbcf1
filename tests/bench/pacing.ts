// `bun tests/bench/pacing.ts [MINUTES]`: how far from its due time each frame of a playlist reaches a listener.
import { scratch } from "../support/station.ts";
import { listenTo, quantile } from "./lateness.ts";
import { firstAudio, runStation } from "./process.ts";

const minutes = Number(Bun.argv[2] ?? 10);
const METER_MS = 5;

await using directory = await scratch();
await using station = await runStation(directory.path);
await firstAudio(station);

/** What the machine does to any timer in this time: the station cannot do better. */
let ownWorstMs = 0;
let expectedMs = performance.now() + METER_MS;
const meter = setInterval(() => {
  ownWorstMs = Math.max(ownWorstMs, performance.now() - expectedMs);
  expectedMs = performance.now() + METER_MS;
}, METER_MS);

const { each, garbage } = await listenTo(station.url, minutes * 60);
clearInterval(meter);

const at = (share: number) => quantile(each, share).toFixed(1);
const half = Math.floor(each.length / 2);
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const drift = mean(each.slice(half)) - mean(each.slice(0, half));
console.log(`${each.length} frames in ${minutes} min, garbage ${garbage} bytes`);
console.log(`lateness p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)} ms`);
const tardy = each.filter((ms) => ms > 50).length;
console.log(`${tardy} frames more than 50 ms late`);
console.log(`this program's own timer was at worst ${ownWorstMs.toFixed(1)} ms late`);
console.log(`drift between the halves ${drift.toFixed(2)} ms`);
