// Servers of one cluster over a real NATS: one view, kicks and bans everywhere, one history; and nothing is heard of a NATS that
// is lost.
import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { adminConfig, AS_ADMIN } from "../http/app.ts";
import { ask, inCluster, linkOf } from "../support/nats-servers.ts";
import { Nats, natsServer } from "../support/nats.ts";
import { Trio } from "../support/numbered.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const LISTENER = "127.0.0.5";
const SHOW = trackFrames(7, 400);

function keeping(folder: string): Config {
  const config = adminConfig([{ burstSeconds: 0 }]);
  return { ...config, server: { ...config.server, stateDirectory: folder } };
}

async function listenFrom(radio: TestStation, address: string): Promise<Wire> {
  const wire = await Wire.open(radio.sourcePort, "127.0.0.1", address);
  wire.send("GET /stream HTTP/1.0\r\nHost: test\r\nUser-Agent: VLC/3.0\r\n\r\n");
  await until("it is answered", () => wire.text.includes("\r\n\r\n"));
  return wire;
}

/** Once both know each other. */
async function acquainted(...all: readonly TestStation[]): Promise<void> {
  await until("they know each other", () =>
    all.every((one) => {
      const up = linkOf(one).nodes.filter(({ isUp }) => isUp);
      return linkOf(one).broker.isConnected && up.length === all.length - 1;
    }),
  );
}

describe.skipIf(natsServer === null)("two servers", () => {
  test("show each other's listeners, disconnect them, ban for both, and keep one history", async () => {
    await using nats = await Nats.start();
    await using folder = await scratch();
    const config = keeping(folder.path);
    await using a = await startStation(inCluster(config, nats.url, { node: "a" }));
    const b = await startStation(
      inCluster(adminConfig([{ burstSeconds: 0 }]), nats.url, { node: "b" }),
    );
    await acquainted(a, b);
    using live = await goLive(b.sourcePort);
    live.send(Buffer.concat(SHOW.slice(0, 100)));
    using first = await listenFrom(b, LISTENER);
    using second = await listenFrom(b, "127.0.0.6");

    await until("a shows b's listeners", async () => {
      const { json } = await ask(a, "overview");
      return json.cluster.listeners === 2 && json.listeners === 0;
    });
    const { json: shown } = await ask(a, "cluster");
    expect(shown.cluster).toMatchObject({ node: "a", role: "server", connected: true });
    const [node] = shown.cluster.nodes;
    expect(node).toMatchObject({ node: "b", up: true, listeners: 2 });
    expect(node.mounts[0]).toMatchObject({ mount: "/stream", on_air: "live", listeners: 2 });

    const { json: page } = await ask(a, "listeners?node=b&mount=/stream&search=127.0.0.5");
    expect(page).toMatchObject({ mount: "/stream", total: 1 });
    const [{ id }] = page.listeners;
    const kick = { mount: "/stream", id, node: "b" };
    expect((await ask(a, "kick-listener", kick)).status).toBe(200);
    await first.closed();
    expect((await ask(a, "kick-listener", kick)).status).toBe(404);
    expect((await ask(a, "kick-listener", { ...kick, node: "c" })).status).toBe(404);
    expect((await ask(a, "listeners?node=c")).status).toBe(404);
    expect(b.logged).toContain(`info /stream: keeper at a kicked listener ${id}`);

    expect((await ask(a, "bans", { address: "127.0.0.6", reason: "noise" })).status).toBe(200);
    await second.closed();
    expect((await ask(b, "bans")).json.bans).toMatchObject([{ address: "127.0.0.6" }]);
    expect((await ask(a, "kick-source", { mount: "/stream", node: "b" })).status).toBe(200);
    await live.closed();
    expect((await ask(a, "kick-source", { mount: "/stream", node: "b" })).status).toBe(409);

    await until("a's history has b's sessions", async () => {
      const { json } = await ask(a, "audience/sessions");
      return json.sessions.filter((one: any) => one.ended_at !== null).length === 2;
    });
    using third = await listenFrom(b, "127.0.0.7");
    await until(
      "a's history has it too",
      async () => (await ask(a, "audience/sessions")).json.total === 3,
    );
    await b[Symbol.asyncDispose]();
    await third.closed();
    await until("a's history has its end", async () => {
      const { json } = await ask(a, "audience/sessions");
      return json.sessions.every((one: any) => one.ended_at !== null);
    });
    const { json: kept } = await ask(a, "audience/sessions");
    for (const session of kept.sessions)
      expect(session).toMatchObject({ node: "b", mount: "/stream", player: "VLC" });
    const table = await fetch(`${a.url}/api/admin/audience/export`, { headers: AS_ADMIN });
    const [head = "", ...rows] = (await table.text()).trim().split(/\r?\n/);
    expect(head).toEndWith(",node");
    for (const row of rows) expect(row).toEndWith(",b");
    const stored = await Bun.file(`${folder.path}/history/history.sqlite`).bytes();
    expect(Buffer.from(stored).includes(LISTENER)).toBe(false);
  });

  test("lose nothing but each other while NATS is gone, and tell each other later", async () => {
    await using nats = await Nats.start();
    const config = adminConfig([{ burstSeconds: 0 }]);
    await using a = await startStation(inCluster(config, nats.url, { node: "a" }));
    await using b = await startStation(inCluster(config, nats.url, { node: "b" }));
    await acquainted(a, b);
    using live = await goLive(a.sourcePort);
    live.send(Buffer.concat(SHOW.slice(0, 50)));
    using trio = await Trio.join(a);
    await nats.kill();
    await until("it is missed", () => [a, b].every((one) => !linkOf(one).broker.isConnected));
    live.send(Buffer.concat(SHOW.slice(50, 150)));
    await trio.hears(SHOW[148] ?? new Uint8Array());
    expect((await ask(a, "bans", { address: "192.0.2.7" })).status).toBe(200);
    expect((await ask(a, "overview")).json.cluster).toMatchObject({ connected: false });
    expect((await ask(a, "listeners?node=b")).status).toBe(404);
    await nats.start();
    await acquainted(a, b);
    await until("the ban is known", async () => (await ask(b, "bans")).json.bans.length === 1);
    live.send(Buffer.concat(SHOW.slice(150, 200)));
    await trio.hears(SHOW[198] ?? new Uint8Array());
    for (const numbers of trio.numbers(SHOW))
      expect(numbers).toEqual(Array.from(numbers, (_, at) => (numbers[0] ?? 0) + at));
    expect(trio.areConnected).toBe(true);
    const lines = a.logged.filter((line) => line.includes("NATS"));
    expect(lines.filter((line) => line.startsWith("info")).length).toBe(2);
  });
});
