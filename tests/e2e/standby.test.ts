// Two origins that share one programme, and a server that relays it: the leader is killed, and its listeners hear on.
import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../../src/lib/secret.ts";
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
    await using edge = await startStation(testConfig([{ sourceGrace: 10, relay }]));
    await until("the edge relays the leader", () => relays(edge, leader.url));
    using trio = await Trio.join(edge);
    await until("they hear the leader", () =>
      trio.numbers(LEADERS).every(({ length }) => length > 100),
    );

    await leader.kill();
    const [after = new Uint8Array()] = STANDBYS.slice(50);
    await trio.hears(after);
    expectRows(trio.numbers(LEADERS));
    expectRows(trio.numbers(STANDBYS));
    for (const [first] of trio.numbers(STANDBYS)) expect(first).toBe(0);
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
    await until("the edge goes back to it", () => relays(edge, leader.url));
    const heard = trio.plain.body.length;
    await until("they hear more", () => trio.audio.every(({ length }) => length > heard + 30_000));
    expectRows(trio.numbers(STANDBYS));
    expect(trio.areConnected).toBe(true);
  },
  90_000,
);
