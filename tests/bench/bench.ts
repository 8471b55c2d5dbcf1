// `make bench`: Cycast beside what a user could run instead, on this machine. `--help` tells how to measure less.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figures, type Scenario, Session } from "./fan-out.ts";
import { growthPanels } from "./growth.ts";
import { tellIdle } from "./idle.ts";
import { measureMounts, type MountFigures } from "./mounts.ts";
import { cycast, floor, icecast, type Peer } from "./peers.ts";
import { picture } from "./picture.ts";
import { BITRATES, crowd, halfStalled, LISTENERS, steady, warmUp, watched } from "./scenarios.ts";
import { mountTable, tableOf } from "./table.ts";
import { tellTargets } from "./targets.ts";

const USAGE = `Usage: make bench [ARGS="options"]

  --quick            a hundred listeners for a second: shows that the bench works
  --listeners LIST   crowds to measure (${LISTENERS.join(",")})
  --bitrates LIST    kbit/s (${BITRATES.join(",")})
  --plain            without titles only
  --servers TEXT     only servers whose name has this in it
  --kh PROGRAM       an icecast-kh to measure too; or any other that takes Icecast's configuration
  --picture FILE     where to draw the curves`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    listeners: { type: "string", default: LISTENERS.join(",") },
    bitrates: { type: "string", default: BITRATES.join(",") },
    plain: { type: "boolean", default: false },
    servers: { type: "string", default: "" },
    kh: { type: "string" },
    picture: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const LOAD_FOLDER = join(import.meta.dir, "load");

function buildLoad(): void {
  const { exitCode } = Bun.spawnSync(["make", "-s", "-C", LOAD_FOLDER], {
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

const OURS = [cycast("listen port"), cycast("source port")];

function everybody(): Peer[] {
  return [...OURS, ...others(), floor()];
}

/** One server, one crowd after the other. What it cannot do is told and left out. */
async function measurePeer(
  peer: Peer,
  scenarios: readonly Scenario[],
  warmUp: Scenario | null,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  try {
    for (const part of peer.isMadeToMeasure ? scenarios.map((one) => [one]) : [scenarios]) {
      const [first] = part;
      if (first === undefined) continue;
      await using session = await Session.open(peer, first);
      if (warmUp !== null && peer.compiles) await session.measure(warmUp);
      for (const scenario of part) figures.push(await session.measure(scenario));
    }
  } catch (error) {
    console.error(`${peer.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return figures;
}

/** Scenarios of one bitrate, on every server in turn. */
async function measureAll(
  peers: readonly Peer[],
  scenarios: readonly Scenario[],
  warmUp: Scenario | null = null,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  for (const peer of peers) {
    if (!peer.name.includes(options.servers)) continue;
    figures.push(...(await measurePeer(peer, scenarios, warmUp)));
  }
  for (const scenario of scenarios) {
    const [first, ...others] = figures.filter((one) => one.scenario === scenario);
    if (first !== undefined) console.log(tableOf([first, ...others]));
  }
  return figures;
}

function numbers(list: string): number[] {
  return list.split(",").map(Number);
}

async function draw(figures: readonly Figures[], mounts: readonly MountFigures[]): Promise<void> {
  if (options.picture === undefined) return;
  await Bun.write(options.picture, picture(growthPanels(figures, mounts)));
  console.log(`drawn: ${options.picture}`);
}

async function quick(): Promise<void> {
  const short = { warmupSeconds: 0.5, seconds: 1 };
  const scenarios = [20, 100].map((listeners) => ({ ...steady(listeners, false, 128), ...short }));
  await draw(await measureAll(everybody(), scenarios), []);
}

async function steadyCrowds(): Promise<Figures[]> {
  const figures: Figures[] = [];
  for (const bitrate of numbers(options.bitrates)) {
    for (const icy of options.plain ? [false] : [false, true]) {
      const crowds = numbers(options.listeners).map((listeners) => steady(listeners, icy, bitrate));
      figures.push(...(await measureAll(everybody(), crowds, warmUp(bitrate))));
    }
  }
  return figures;
}

async function whole(): Promise<void> {
  await tellIdle();
  const figures = await steadyCrowds();
  for (const scenario of [crowd(5000), halfStalled(2000)])
    figures.push(...(await measureAll(everybody(), [scenario])));
  figures.push(...(await measureAll(OURS, [watched(10_000)])));
  const mounts: MountFigures[] = [];
  for (const count of [1, 4, 16, 64]) mounts.push(await measureMounts(count, 2000));
  console.log(mountTable(mounts));
  tellTargets(figures);
  await draw(figures, mounts);
}

if (options.help) console.log(USAGE);
else {
  buildLoad();
  await (options.quick ? quick() : whole());
}
