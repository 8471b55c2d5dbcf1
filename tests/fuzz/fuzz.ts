// Damages right inputs and looks what parsers and dialogues make of them; the same seed gives the same inputs.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Chance, damaged } from "./chance.ts";
import { dialogues } from "./dialogues.ts";
import { besiege } from "./doors.ts";
import { files } from "./files.ts";
import { formats } from "./formats.ts";
import type { Target } from "./target.ts";

export const targets: readonly Target[] = [...formats, ...dialogues, ...files];

/** Inputs between two looks at the clock. */
const AT_A_TIME = 200;

export class Finding extends Error {
  constructor(
    readonly target: string,
    readonly seed: number,
    readonly input: Uint8Array,
    cause: unknown,
  ) {
    super(`${target}, input ${seed}: ${String(cause)}`, { cause });
  }
}

/** Tries the inputs with the numbers from `first` to before `end`. Throws a Finding for the first that does not hold. */
export async function tryInputs(target: Target, first: number, end: number): Promise<void> {
  for (let seed = first; seed < end; seed++) {
    const chance = new Chance(Math.imul(seed, 0x85ebca6b));
    const input = damaged(chance.pick(target.seeds), chance);
    try {
      await target.check(input, chance);
    } catch (cause) {
      throw new Finding(target.name, seed, input, cause);
    }
  }
}

/** Writes the input beside the fuzzer's own, for the test that is to come of it. */
async function keep(folder: string, { target, seed, input, message }: Finding): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${target.replaceAll(/\W+/g, "-")}-${seed}`);
  await Bun.write(file, input);
  console.error(`FOUND ${message}\n  ${file}`);
}

/** All targets in turns for `seconds`. Returns how many inputs of each were tried, and whether all of them held. */
async function run(seconds: number, from: number, folder: string) {
  const end = performance.now() + seconds * 1000;
  const tried = new Map(targets.map(({ name }) => [name, 0]));
  const failed = new Set<string>();
  for (let first = from; performance.now() < end; first += AT_A_TIME) {
    for (const target of targets.filter(({ name }) => !failed.has(name))) {
      try {
        await tryInputs(target, first, first + AT_A_TIME);
      } catch (error) {
        if (!(error instanceof Finding)) throw error;
        failed.add(target.name);
        await keep(folder, error);
      }
      tried.set(target.name, (tried.get(target.name) ?? 0) + AT_A_TIME);
    }
  }
  return { tried, isSound: failed.size === 0 };
}

/** Requests to one station before the next one is started. */
const REQUESTS = 1000;

/** Damaged requests to running stations for `seconds`; returns how many. Throws as besiege() does. */
async function runDoors(seconds: number, from: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  for (; performance.now() < end; sent += REQUESTS) await besiege(from + sent, REQUESTS);
  return sent;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      from: { type: "string", default: String(Date.now() % 1e9) },
      keep: { type: "string", default: "core-c/build/fuzz/inputs" },
    },
  });
  const [seconds, from] = [Number(values.seconds), Number(values.from)];
  const { tried, isSound } = await run(seconds, from, values.keep);
  tried.set("requests at the doors of a station", await runDoors(seconds / 4, from));
  for (const [name, count] of tried) console.log(`${count.toString().padStart(10)} ${name}`);
  console.log(`${[...tried.values()].reduce((a, b) => a + b, 0)} inputs from ${values.from} on`);
  process.exit(isSound ? 0 : 1);
}
