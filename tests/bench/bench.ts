// `make bench`: Cycast beside what a user could run instead, on this machine. `--help` tells how to measure less.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cutBySignal } from "./cut.ts";
import type { Figures } from "./fan-out.ts";
import { growthPanels } from "./growth.ts";
import { cycast, floor, icecast, type Peer } from "./peers.ts";
import { picture } from "./picture.ts";
import { type Measured, merge, readRecord, writeRecord } from "./record.ts";
import { type Job, type Keeper, PARTS, quickRun, wholeRun, work } from "./run.ts";
import { BITRATES, describeScenario, LISTENERS, MORE_BITRATES } from "./scenarios.ts";
import { tell } from "./tell.ts";

const USAGE = `Usage: make bench [ARGS="options"]

  --quick               a hundred listeners for a second, and a small library: shows that the bench works
  --parts LIST          what to measure (${PARTS.join(",")})
  --listeners LIST      crowds to measure (${LISTENERS.join(",")})
  --bitrates LIST       kbit/s (${BITRATES.join(",")})
  --more-bitrates LIST  kbit/s of a crowd of 4000 besides (${MORE_BITRATES.join(",")})
  --plain               without titles only
  --servers TEXT        only servers whose name has this in it
  --kh PROGRAM          an icecast-kh to measure too; or any other that takes Icecast's configuration
  --picture FILE        where to draw the curves
  --json FILE           where to keep the figures
  --from FILE           measure nothing, tell and draw what --json kept; may be given more than once:
                        what a later file has measured again stands

Ctrl-C ends the measuring: what was measured is told.`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    parts: { type: "string", default: PARTS.join(",") },
    listeners: { type: "string", default: LISTENERS.join(",") },
    bitrates: { type: "string", default: BITRATES.join(",") },
    "more-bitrates": { type: "string", default: MORE_BITRATES.join(",") },
    plain: { type: "boolean", default: false },
    servers: { type: "string", default: "" },
    kh: { type: "string" },
    picture: { type: "string" },
    json: { type: "string" },
    from: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", short: "h", default: false },
  },
});

function buildLoad(): void {
  const { exitCode } = Bun.spawnSync(["make", "-s", "-C", join(import.meta.dir, "load")], {
    stdio: ["ignore", 2, 2],
  });
  if (exitCode !== 0) throw new Error("The load generator does not build");
}

function others(): Peer[] {
  const icecast2 = Bun.which("icecast2");
  const peers = icecast2 === null ? [] : [icecast("Icecast 2", icecast2)];
  const { kh } = options;
  if (kh !== undefined && !existsSync(kh)) throw new Error(`There is no ${kh}`);
  return kh === undefined ? peers : [...peers, icecast("Icecast-KH", kh)];
}

function peers(): Peer[] {
  const all = [cycast("listen port"), cycast("source port"), ...others(), floor()];
  return all.filter(({ name }) => name.includes(options.servers));
}

/** Throws when one of the words is no number; no words are no numbers. */
function numbers(list: string): number[] {
  const all = list.split(",").filter(Boolean).map(Number);
  if (!all.every(Number.isFinite)) throw new Error(`${list}: numbers are wanted, with commas`);
  return all;
}

function jobs(): Job[] {
  const names = options.parts.split(",");
  const wanted = PARTS.filter((part) => names.includes(part));
  if (wanted.length < names.length) throw new Error(`${options.parts}: there is ${PARTS.join()}`);
  if (options.quick) return quickRun(wanted, peers());
  return wholeRun(wanted, peers(), {
    listeners: numbers(options.listeners),
    bitrates: numbers(options.bitrates),
    moreBitrates: numbers(options["more-bitrates"]),
    withTitles: !options.plain,
  });
}

function tellFigures({ peer, scenario, cpuSecondsPerGB }: Figures): void {
  console.error(`${peer}, ${describeScenario(scenario)}: ${cpuSecondsPerGB.toFixed(2)} CPU s/GB`);
}

/** Keeps each piece in the file too, so that not even a crash loses it. */
function keeperOf(measured: Measured[]): Keeper {
  const keep = async (piece: Partial<Measured>) => {
    measured.push({
      idle: null,
      library: null,
      figures: [],
      mounts: [],
      hls: null,
      history: null,
      handover: null,
      node: [],
      ...piece,
    });
    if (options.json !== undefined) await writeRecord(options.json, merge(measured));
  };
  return {
    idle: (idle) => keep({ idle }),
    library: (library) => keep({ library }),
    mounts: (one) => keep({ mounts: [one] }),
    hls: (hls) => keep({ hls }),
    history: (history) => keep({ history }),
    handover: (handover) => keep({ handover }),
    node: (one) => keep({ node: [one] }),
    crowd(figures) {
      tellFigures(figures);
      return keep({ figures: [figures] });
    },
  };
}

async function measure(): Promise<Measured> {
  const todo = jobs();
  buildLoad();
  const minutes = todo.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const about = minutes.toFixed(minutes < 10 ? 1 : 0);
  console.error(`This takes about ${about} minutes, longer if a server is slow to let them in.`);
  const cut = cutBySignal();
  const measured: Measured[] = [];
  await work(todo, cut, keeperOf(measured));
  if (cut.aborted) process.exitCode = 130;
  return merge(measured);
}

async function draw(measured: Measured): Promise<void> {
  if (options.picture === undefined) return;
  await Bun.write(options.picture, picture(growthPanels(measured)));
  console.log(`drawn: ${options.picture}`);
}

if (options.help) console.log(USAGE);
else {
  const { from } = options;
  const measured =
    from.length > 0 ? merge(await Promise.all(from.map(readRecord))) : await measure();
  console.log(tell(measured));
  await draw(measured);
}
