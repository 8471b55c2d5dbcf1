// Three thousand listeners of two origins with three edges and NATS, each a process: an edge is killed, then NATS, then the
// origin that leads. Every listener checks every byte.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { mpegFrames } from "../format/mpeg-builder.ts";
import { Crowd } from "../support/crowd.ts";
import { Nats, natsServer } from "../support/nats.ts";
import { portApart } from "../support/ports.ts";
import { ServerProcess } from "../support/server-process.ts";
import { scratch, until } from "../support/station.ts";
import { writeTrack } from "../support/tracks.ts";

const LISTENERS = 3000;

/** Six minutes at 32 kbit/s, longer than the test may take. */
const FRAMES = 14_000;

const showOf = (seed: number) => mpegFrames(FRAMES, { seed: seed * 100_000, bitrate: 32 });
const LEADERS = showOf(21);
const STANDBYS = showOf(31);

const PATIENCE_SECONDS = 60;

let home: Awaited<ReturnType<typeof scratch>>;
let nats: Nats;
let origins: ServerProcess[];
let edges: ServerProcess[];
let crowd: Crowd;

const ports = () => ({ sourcePort: portApart(), listenPort: portApart() });

const sourceUrl = ({ ports: { sourcePort } }: ServerProcess) => `http://127.0.0.1:${sourcePort}`;

async function musicOf(name: string, frames: readonly Uint8Array[]): Promise<string> {
  const directory = join(home.path, name);
  await mkdir(directory);
  await writeTrack(directory, `${name}.mp3`, frames);
  return directory;
}

/** In a cluster, with further keys. */
function cluster(node: string, keys = ""): string {
  return `cluster {
  nats   = "${nats.url}"
  secret = "the secret of the cluster"
  node   = "${node}"
  ${keys}
}
buffer { burst_seconds = 8 }
advanced { max_listeners = ${LISTENERS + 100} }
`;
}

function originOf(node: string, music: string, edgeUrls: readonly string[]): ServerProcess {
  const own = ports();
  const url = `http://127.0.0.1:${own.sourcePort}`;
  const keys = `url = "${url}"\n  standby = true\n  edges = ${JSON.stringify(edgeUrls)}`;
  const library = `library { cache_gb = 0 }\nplaylist { directory = "${music}" }\n`;
  return new ServerProcess(join(home.path, `${node}.hcl`), own, cluster(node, keys) + library);
}

async function onAir(server: ServerProcess): Promise<string> {
  const answer = await fetch(`${server.url}/api/status`);
  // The test asks for one field of it.
  const { source_status } = (await answer.json()) as { source_status: string };
  return source_status;
}

/** How many edges the origin sends listeners to. */
async function edgesUp(origin: ServerProcess): Promise<number> {
  const text = await (await fetch(`${origin.url}/metrics`)).text();
  return text.match(/^cycast_edge_up\{.*\} 1$/gm)?.length ?? 0;
}

// For each attempt anew: what is killed is gone.
beforeEach(async () => {
  home = await scratch();
  if (natsServer === null) return;
  nats = await Nats.start();
  const names = ["edge1", "edge2", "edge3"];
  const music = [await musicOf("leader", LEADERS), await musicOf("standby", STANDBYS)];
  const places = names.map(() => ports());
  const urls = places.map(({ listenPort }) => `http://127.0.0.1:${listenPort}`);
  origins = music.map((directory, at) => originOf(`origin${at + 1}`, directory, urls));
  const from = `edge {\n  origin = ${JSON.stringify(origins.map(sourceUrl))}\n  on_demand = false\n}\n`;
  edges = names.map((name, at) => {
    const place = places[at] ?? ports();
    return new ServerProcess(join(home.path, `${name}.hcl`), place, cluster(name) + from);
  });
  // One after the other: a busy machine has less to do at once, and the first one leads before the second one plays.
  for (const server of [...origins, ...edges]) {
    await server.start();
    const leads = async () => / leads$/m.test((await origins[0]?.logged()) ?? "");
    await until("the first one leads", leads, PATIENCE_SECONDS);
  }
  for (const server of [...origins.slice(1), ...edges])
    await until("it relays the leader", async () => (await onAir(server)) === "relay");
  for (const origin of origins)
    await until("all edges are up", async () => (await edgesUp(origin)) === edges.length);
  crowd = new Crowd(origins[0]?.ports.listenPort ?? 0, [LEADERS, STANDBYS]);
}, 240_000);

afterEach(async () => {
  if (natsServer === null) return;
  crowd?.close();
  await Promise.all([...origins, ...edges].map((server) => server.kill()));
  await nats[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

const at = ({ ports: { listenPort } }: ServerProcess) => crowd.at(listenPort);

async function allHearMore(): Promise<void> {
  const before = crowd.places();
  await until("all hear more", () => crowd.isFurther(before), PATIENCE_SECONDS);
}

/** Nobody has lost a frame, heard one again, or heard anything else. */
function expectEveryFrameOnce(): void {
  const { lost, repeated, foreign, restarted } = crowd.figures;
  expect({ lost, repeated, foreign, restarted }).toEqual({
    lost: 0,
    repeated: 0,
    foreign: 0,
    restarted: 0,
  });
}

test.skipIf(natsServer === null)(
  "3,000 listeners hear every frame once while an edge, NATS and the leading origin are killed",
  async () => {
    const { figures } = crowd;
    const [leader, standby] = origins;
    if (leader === undefined || standby === undefined) throw new Error("there are no origins");
    await crowd.join(LISTENERS);
    const areThere = () => figures.connected === LISTENERS;
    await until("all are there", areThere, PATIENCE_SECONDS);
    await until("all hear the leader", () => crowd.hear(0), PATIENCE_SECONDS);
    const shares = edges.map(at);
    for (const share of shares) expect(share).toBeGreaterThan(LISTENERS / 6);
    await allHearMore();
    expectEveryFrameOnce();

    let [lost = 0] = shares;
    await edges[0]?.kill();
    const areBack = () => figures.breaks >= lost && areThere();
    await until("those of the killed edge are back", areBack, PATIENCE_SECONDS);
    await allHearMore();
    expect(figures.resumed).toBe(lost);
    expectEveryFrameOnce();

    await nats.kill();
    await allHearMore();
    // The origin serves those whose place no edge holds.
    lost += at(leader);
    crowd.port = standby.ports.listenPort;
    await leader.kill();
    await until("all hear the standby", () => crowd.hear(1), PATIENCE_SECONDS);
    await allHearMore();
    await until("all are there again", areThere, PATIENCE_SECONDS);
    expect([figures.breaks, figures.resumed]).toEqual([lost, lost]);
    expectEveryFrameOnce();
  },
  240_000,
);
