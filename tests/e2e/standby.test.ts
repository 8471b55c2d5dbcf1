// Two origins that share one programme, a relay and an edge of both: the leader is killed, and its listeners hear on.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../../src/lib/secret.ts";
import { edgeConfig } from "../support/cluster.ts";
import { testConfig, testRelay } from "../support/config.ts";
import { inCluster, linkOf, Origin } from "../support/nats-servers.ts";
import { Nats, natsServer } from "../support/nats.ts";
import { Trio } from "../support/numbered.ts";
import { freePort } from "../support/ports.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";

/** A minute of each. */
const LEADERS = trackFrames(11, 2400);
const STANDBYS = trackFrames(12, 2400);

async function musicOf(folder: string, name: string, frames: readonly Uint8Array[]) {
  const directory = join(folder, name);
  await mkdir(directory);
  await writeTrack(directory, `${name}.mp3`, frames);
  return directory;
}

function relays({ station }: TestStation, from: string): boolean {
  const all = station.first.mount.inputs.flatMap(({ relay }) => relay ?? []);
  return all.some(({ state, url }) => state === "playing" && url.startsWith(from));
}

/** Those of one track, as each of three listeners hears them, in a row. */
function expectRows(all: readonly number[][]): void {
  for (const numbers of all) {
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(Array.from(numbers, (_, at) => (numbers[0] ?? 0) + at));
  }
}

test.skipIf(natsServer === null)(
  "the leader is killed: the standby's programme follows its last frame, and it may come back as the standby",
  async () => {
    await using nats = await Nats.start();
    await using folder = await scratch();
    const music = await musicOf(folder.path, "leader", LEADERS);
    const options = { folder: folder.path, music, nats: nats.url, node: "one" };
    await using leader = new Origin({ ...options, port: freePort() });
    await leader.start();

    const sourcePort = freePort();
    const directory = await musicOf(folder.path, "standby", STANDBYS);
    const base = testConfig([{ sourceGrace: 10, playlist: { directory } }]);
    const own = { ...base, server: { ...base.server, sourcePort } };
    const url = `http://127.0.0.1:${sourcePort}`;
    await using standby = await startStation(
      inCluster(own, nats.url, { node: "two", url, standby: true }),
    );
    await until("the standby relays the leader", () => relays(standby, leader.url));
    const urls = [new Secret(`${url}/stream`)];
    const relay = [testRelay(`${leader.url}/stream`, { urls })];
    await using plain = await startStation(testConfig([{ sourceGrace: 10, relay }]));
    const edge = edgeConfig([leader.url, url], { onDemand: false });
    await using mirror = await startStation(inCluster(edge, nats.url, { node: "edge" }));
    const followers = [plain, mirror];
    await until("both relay the leader", () => followers.every((one) => relays(one, leader.url)));
    using ofPlain = await Trio.join(plain);
    using ofMirror = await Trio.join(mirror);
    const trios = [ofPlain, ofMirror];
    const heard = (show: readonly Uint8Array[]) => trios.flatMap((trio) => trio.numbers(show));
    await until("all hear the leader", () => heard(LEADERS).every(({ length }) => length > 100));

    await leader.kill();
    await until("all hear the standby", () => heard(STANDBYS).every(({ length }) => length > 50));
    expectRows(heard(LEADERS));
    expectRows(heard(STANDBYS));
    for (const [first] of heard(STANDBYS)) expect(first).toBe(0);
    await until("the standby leads", () => linkOf(standby).role === "leader");
    expect(standby.logged.some((line) => line.includes("silence is on air"))).toBe(false);

    await leader.start();
    await until("it relays the new leader", () => {
      const { nodes } = linkOf(standby);
      return nodes.some(
        ({ report, isUp }) =>
          isUp && report.role === "standby" && report.mounts[0]?.onAir === "relay",
      );
    });
    await until("both go back to it", () => followers.every((one) => relays(one, leader.url)));
    const before = Math.max(...heard(STANDBYS).map(({ length }) => length));
    await until("all hear more", () => heard(STANDBYS).every(({ length }) => length > before + 50));
    expectRows(heard(STANDBYS));
    for (const trio of trios) expect(trio.areConnected).toBe(true);
  },
  120_000,
);
