// All kinds of hand-over on one station, at the pace of their audio, each with its listener.
import { setTimeout } from "node:timers/promises";
import { scratch } from "../../support/station.ts";
import { writeTrack } from "../../support/tracks.ts";
import { isUp, runStation, type RunningStation } from "../process.ts";
import { FrameListener } from "./frame-listener.ts";
import { type Gaps, gapsIn } from "./heard-frames.ts";
import { type Kind, KINDS, SENDERS } from "./kinds.ts";
import { Encoder, Masters, Show } from "./paced.ts";

/** Roughly: all kinds at a time. */
export const HANDOVER_SECONDS = 45;

const SETTLE_MS = 8000;

/** Frames that a master sends a new client at once. */
const BURST = 150;

export interface HandoverFigures extends Gaps {
  readonly kind: string;
  /** false: the listener was disconnected. */
  readonly isWhole: boolean;
}

const PASSWORD = "bench";

function account(name: string, priority: number, mounts: readonly string[]): string {
  const own = JSON.stringify(mounts);
  return `account "${name}" {\n  password = "${PASSWORD}"\n  mounts = ${own}\n  priority = ${priority}\n}\n`;
}

/** On the mount of priorities bert has the higher one. */
const ACCOUNTS = [account("anna", 0, []), account("bert", 0, []), account("chef", 9, [])].join("");

function mountOf({ path, keys, relays = 0 }: Kind, { all }: Masters, music: string): string {
  const [url, ...urls] = all.slice(0, relays).map((master) => master.url());
  const relay =
    url === undefined
      ? ""
      : `relay "main" {\n url = "${url}"\n urls = ${JSON.stringify(urls)}\n }\n`;
  // A mount whose listeners go to another one has nothing to play by itself.
  const directory = keys.startsWith("fallback") ? "/nowhere" : music;
  return `mount "/${path}" {\n ${keys}\n playlist {\n directory = "${directory}"\n }\n ${relay}}\n`;
}

/** Throws when a source is refused, or what should be heard is not. */
async function handOver(
  kind: Kind,
  station: RunningStation,
  masters: Masters,
): Promise<HandoverFigures> {
  const { sourcePort } = station;
  using listener = await FrameListener.join(sourcePort, `/${kind.path}`, SENDERS);
  const show = (sender: keyof typeof SENDERS) => new Show(SENDERS[sender]);
  await kind.run({
    listener,
    masters,
    show,
    connect: (user, its = show(user), path = `/${kind.path}`) => {
      const name = kind.path === "priority" && user === "bert" ? "chef" : user;
      return Encoder.connect(sourcePort, path, name, PASSWORD, its);
    },
  });
  const { path, name } = kind;
  console.error(`hand-over of /${path} is over`);
  return { kind: name, isWhole: listener.isConnected, ...gapsIn(listener.heard, kind.goesOn) };
}

/** Throws when one of them does not happen. */
export async function measureHandovers(cut: AbortSignal): Promise<HandoverFigures[]> {
  await using folder = await scratch();
  await writeTrack(folder.path, "1.mp3", SENDERS.playlist);
  const relaying = KINDS.filter(({ relays = 0 }) => relays > 0);
  const masters = new Map<Kind, Masters>();
  await using stack = new AsyncDisposableStack();
  for (const kind of relaying)
    masters.set(
      kind,
      stack.use(await Masters.start(kind.relays ?? 0, BURST, new Show(SENDERS.master, true))),
    );
  const none = stack.use(await Masters.start(0, 0, new Show(SENDERS.master, true)));
  const of = (kind: Kind) => masters.get(kind) ?? none;
  const mounts = KINDS.map((kind) => mountOf(kind, of(kind), folder.path));
  const spare = `mount "/spare" {\n playlist {\n directory = "/nowhere"\n }\n}\n`;
  const more = `advanced {\n source_grace = 5\n}\n${ACCOUNTS}${mounts.join("")}${spare}`;
  await using station = await runStation(folder.path, folder.path, more);
  await isUp(station);
  // Until then no listener gets a whole burst.
  await setTimeout(SETTLE_MS, null, { signal: cut });
  return await Promise.all(KINDS.map((kind) => handOver(kind, station, of(kind))));
}
