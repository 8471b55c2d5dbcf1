// What a recorder and a relay of 128 kbit/s cost: stations with several of them beside one without, at the same time, so that what
// disturbs one disturbs the other; the order in which they start alternates.
import { loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { scratch, until } from "../../support/station.ts";
import { recorders } from "../idle.ts";
import { cpuPercent, firstAudio, isUp, runStation } from "../process.ts";
import { SENDERS } from "./kinds.ts";
import { Masters, Show } from "./paced.ts";

/** One alone costs too little to be seen. */
const [RECORDERS, RELAYS] = [8, 4];

/** What has just begun is still compiled. */
const [ROUNDS, SETTLE_SECONDS, SECONDS] = [3, 30, 15];

/** Roughly. */
export const COST_SECONDS = ROUNDS * (SETTLE_SECONDS + SECONDS + 6);

/** Percent of a core of a station without them, and what each of them adds, of each round. */
export interface CostFigures {
  readonly without: readonly number[];
  readonly recorder: readonly number[];
  /** Its master writes each frame alone. */
  readonly relayOfFrames: readonly number[];
  /** As Icecast writes: four frames at a time. */
  readonly relayOfFours: readonly number[];
  /** Of the machine when it began and ended. */
  readonly load: readonly [number, number];
}

type Subject = "without" | "recorder" | "relayOfFrames" | "relayOfFours";

const SUBJECTS: readonly Subject[] = ["without", "recorder", "relayOfFrames", "relayOfFours"];

const COUNTS: Readonly<Record<Subject, number>> = {
  without: 1,
  recorder: RECORDERS,
  relayOfFrames: RELAYS,
  relayOfFours: RELAYS,
};

/** Masters of their own, not all at the same moment. */
async function masters(atATime: number): Promise<readonly Masters[]> {
  const all: Masters[] = [];
  for (let count = 0; count < RELAYS; count++) {
    all.push(await Masters.start(1, 0, new Show(SENDERS.master, true), atATime));
    await Bun.sleep(7);
  }
  return all;
}

function relayed(all: readonly Masters[]): string {
  const blocks = all.map(({ all: [master] }, number) => {
    const playlist = `playlist {\n directory = "/nowhere"\n }`;
    return `mount "/${number}" {\n ${playlist}\n relay "main" { url = "${master?.url() ?? ""}" }\n}\n`;
  });
  return blocks.join("");
}

/** Percent of a core. Throws when it is cut. */
async function measure(subject: Subject, cut: AbortSignal): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const isRelay = subject === "relayOfFrames" || subject === "relayOfFours";
  const all = isRelay ? await masters(subject === "relayOfFrames" ? 1 : 4) : [];
  for (const one of all) stack.use(one);
  const folder = stack.use(await scratch());
  const more = isRelay ? relayed(all) : subject === "recorder" ? recorders(RECORDERS) : "";
  const station = stack.use(await runStation(folder.path, undefined, more));
  await isUp(station);
  await firstAudio(station);
  const arePulled = () => all.every(({ all: [master] }) => master?.clients === 1);
  await until("all relays are pulled", arePulled);
  await setTimeout(SETTLE_SECONDS * 1000, null, { signal: cut });
  return await cpuPercent(station.pid, SECONDS, cut);
}

async function round(isReversed: boolean, cut: AbortSignal): Promise<Record<Subject, number>> {
  const order = isReversed ? SUBJECTS.toReversed() : SUBJECTS;
  const percents = await Promise.all(
    order.map(async (subject) => [subject, await measure(subject, cut)] as const),
  );
  const { without = 0, ...rest } = Object.fromEntries(percents);
  const each = (subject: Subject) => ((rest[subject] ?? 0) - without) / COUNTS[subject];
  const [recorder, relayOfFrames] = [each("recorder"), each("relayOfFrames")];
  return { without, recorder, relayOfFrames, relayOfFours: each("relayOfFours") };
}

/** Throws when it is cut. */
export async function measureCosts(cut: AbortSignal): Promise<CostFigures> {
  const load = () => loadavg()[0] ?? 0;
  const before = load();
  const rounds: Record<Subject, number>[] = [];
  for (let at = 0; at < ROUNDS; at++) {
    rounds.push(await round(at % 2 === 1, cut));
    console.error(`costs, round ${at + 1} of ${ROUNDS}: ${JSON.stringify(rounds.at(-1))}`);
  }
  const of = (subject: Subject) => rounds.map((one) => one[subject]);
  return {
    without: of("without"),
    recorder: of("recorder"),
    relayOfFrames: of("relayOfFrames"),
    relayOfFours: of("relayOfFours"),
    load: [before, load()],
  };
}
