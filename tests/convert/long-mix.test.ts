// A long mix is converted as it streams: the memory of the child does not grow with its length.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Job } from "../../src/convert/job.ts";
import { concat } from "../format/mpeg-builder.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import { requireLinux, requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";
import { TARGET } from "./converting.ts";

const canRun = requireLinux("the memory of a process") && requireProgram("lame") !== null;

/** Hz, the lowest of all: others would take minutes. A piece of a file has as many samples as at higher rates. */
const RATE = 8000;
const MINUTES = 60;

const MOST_MIB = 150;

/** Beyond what the first ten minutes took; three hours have three times as much. */
const GROWTH_MIB = 10;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

/** A tone, minute after minute. */
async function writeMix(path: string): Promise<void> {
  const samples = new Int16Array(60 * RATE).map((_, i) => 8000 * Math.sin(i / 4));
  const raw = `lame --quiet -r -s 8 --bitwidth 16 -m m -b 8 --resample 8 - -`.split(" ");
  const minute = await run(raw, new Uint8Array(samples.buffer));
  await Bun.write(path, concat(...Array.from({ length: MINUTES }, () => minute)));
}

/** The converter's work in a process of its own; prints the most memory it had after ten minutes of audio, and in all. */
function script(job: Job): string {
  const module = join(import.meta.dir, "..", "..", "src", "convert", "perform-job.ts");
  return `import { readFileSync } from "node:fs";
    import { performJob } from ${JSON.stringify(module)};
    const most = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
    let early = 0;
    const outcome = await performJob(${JSON.stringify(job)}, (seconds) => {
      if (seconds > 600 && early === 0) early = most();
    });
    console.log(JSON.stringify({ early, most: most(), outcome }));`;
}

test.skipIf(!canRun)(
  "an hour is converted in no more memory than ten minutes",
  async () => {
    const [path, output] = [join(home.path, "mix.mp3"), join(home.path, "out", "mix.mp3")];
    await writeMix(path);
    const target = { ...TARGET, sampleRate: RATE, channels: 1, bitrate: 8 };
    const job = { call: "convert", path, target, output, limitBytes: 1e9 } as const;
    const said = await run([process.execPath, "-e", script(job)]);
    const { early, most, outcome } = JSON.parse(Buffer.from(said).toString());
    expect(Math.abs(outcome.converted.seconds - MINUTES * 60)).toBeLessThan(MINUTES / 4);
    expect(early).toBeGreaterThan(0);
    expect(most).toBeLessThan(MOST_MIB);
    expect(most - early).toBeLessThan(GROWTH_MIB);
  },
  180_000,
);
