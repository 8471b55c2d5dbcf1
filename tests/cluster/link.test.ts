// Nodes of a cluster over one broker: one view, one set of bans, one journal, one leader.
import { describe, expect, test } from "bun:test";
import type { Ban } from "../../src/access/ban.ts";
import { Bans } from "../../src/access/ban.ts";
import { Link } from "../../src/cluster/link.ts";
import { REPORT_MS } from "../../src/cluster/node-view.ts";
import type { JournalEvent } from "../../src/journal/journal.ts";
import { joined, left } from "../history/days.ts";
import { keptLog } from "../mount/fake-input.ts";
import { FakeBroker, FakeClient, SetClock } from "./fake-broker.ts";

interface Options {
  readonly secret?: string;
  readonly standby?: boolean;
}

/** A node, and what its station was told. */
class Node {
  readonly events: JournalEvent[] = [];
  readonly orders: unknown[] = [];
  readonly bans: Bans;
  readonly kept = keptLog();
  readonly broker: FakeClient;
  readonly link: Link;
  changes = 0;
  listeners = 0;

  constructor(
    readonly name: string,
    world: World,
    { secret = "secret", standby = false }: Options,
  ) {
    this.broker = world.broker.client();
    this.bans = new Bans(world.clock);
    const mounts = () =>
      [
        ...[
          {
            path: "/stream",
            name: "Radio",
            isUp: true,
            onAir: "playlist",
            artist: "A",
            title: "T",
          },
        ],
      ].map((mount) => ({ ...mount, listeners: this.listeners, bitrate: 128 }));
    const host = {
      log: this.kept.log,
      clock: world.clock,
      wall: world.clock,
      bans: {
        list: () => this.bans.list(),
        ban: (ban: Ban) => void this.bans.take(ban),
        end: (address: string) => this.bans.drop(address),
      },
      report: () => ({ version: "1", startedMs: 1, listeners: this.listeners, mounts: mounts() }),
      obey: async (name: string, body: unknown) => {
        this.orders.push([name, body]);
        return name === "unheard of" ? null : { did: name };
      },
      remote: (all: readonly JournalEvent[]) => void this.events.push(...all),
      leaderChanged: () => void this.changes++,
      viewChanged: () => undefined,
    };
    const settings = { node: name, url: `http://${name}.example`, secret, standby, isEdge: false };
    this.link = new Link(settings, host, this.broker);
    this.bans.onOrder = (order, ban) =>
      order === "ban" ? this.link.bans.banned(ban) : this.link.bans.ended(ban);
  }

  get others() {
    return this.link.view.all(0).map(({ report, isUp }) => [report.node, report.listeners, isUp]);
  }
}

class World {
  readonly clock = new SetClock();
  readonly broker = new FakeBroker();
  readonly nodes: Node[] = [];

  add(name: string, options: Options = {}): Node {
    const node = new Node(name, this, options);
    this.nodes.push(node);
    return node;
  }

  /** All are connected, and have reported. Nodes that are not named do not exist. */
  static async of(...names: readonly string[]): Promise<[World, Node, Node, Node]> {
    const world = new World();
    const nodes = names.map((name) => world.add(name, { standby: name.startsWith("o") }));
    for (const { broker } of nodes) broker.connect();
    await world.pass(REPORT_MS);
    return [world, ...nodes] as unknown as [World, Node, Node, Node];
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      this.clock.ms += 500;
      for (const { link } of this.nodes) link.round();
      await Bun.sleep(0);
    }
  }
}

function ban(address: string, sinceMs: number, reason = ""): Ban {
  return { address, sinceMs, untilMs: sinceMs + 3_600_000, by: "admin", reason };
}

describe("the view", () => {
  test("has every other node with its listeners, and which do not report any more", async () => {
    const [world, a, b, c] = await World.of("a", "b", "c");
    b.listeners = 7;
    await world.pass(REPORT_MS);
    expect(a.others).toEqual([
      ["b", 7, true],
      ["c", 0, true],
    ]);
    c.broker.cut();
    await world.pass(8000);
    expect(a.others).toEqual([
      ["b", 7, true],
      ["c", 0, false],
    ]);
    expect(a.kept.lines).toContain("warn cluster: c has not been heard for a while");
    c.broker.connect();
    await world.pass(REPORT_MS);
    expect(a.others[1]).toEqual(["c", 0, true]);
  });

  test("blames nobody for the time without a broker", async () => {
    const [world, a, b] = await World.of("a", "b");
    for (const { broker } of world.nodes) broker.cut();
    await world.pass(60_000);
    expect(a.others).toEqual([["b", 0, true]]);
    for (const { broker } of world.nodes) broker.connect();
    await world.pass(500);
    expect(a.others).toEqual([["b", 0, true]]);
    expect(b.kept.lines.some((line) => line.startsWith("warn"))).toBe(false);
  });

  test("has nothing of who does not know the secret, and nothing that is repeated", async () => {
    const [world, a, b] = await World.of("a", "b");
    const stranger = world.add("stranger", { secret: "guess" });
    stranger.broker.connect();
    const old = world.broker.kept.get("nodes b")?.bytes ?? new Uint8Array();
    b.broker.cut();
    for (let at = 0; at < 8; at++) {
      await world.pass(1000);
      stranger.broker.keep("nodes", "b", old);
      stranger.broker.keep("nodes", "x", new Uint8Array([1, 2, 3]));
    }
    expect(a.others).toEqual([["b", 0, false]]);
  });

  test("says so if two servers have one name", async () => {
    const [world, a] = await World.of("a");
    world.add("a").broker.connect();
    await world.pass(REPORT_MS);
    expect(a.kept.lines).toContain("warn cluster: another server is called a too");
  });
});

describe("an order", () => {
  test("reaches the node that it is for, and its answer comes back", async () => {
    const [, a, b] = await World.of("a", "b");
    expect(await a.link.orders.give("b", "kick", { id: 3 })).toEqual({ did: "kick" });
    expect(b.orders).toEqual([["kick", { id: 3 }]]);
    expect(await a.link.orders.give("c", "kick", {})).toBeNull();
    expect(await a.link.orders.give("b", "unheard of", {})).toBeNull();
  });

  test("counts once, for a minute, for its node, and from who knows the secret", async () => {
    const [world, a, b] = await World.of("a", "b");
    const sent: Uint8Array[] = [];
    const heard = b.broker.subscriptions.get("node.b");
    if (heard === undefined) throw new Error("nobody hears");
    b.broker.subscriptions.set("node.b", async (bytes) => {
      sent.push(bytes);
      return null;
    });
    await a.link.orders.give("b", "kick", {});
    const [order = new Uint8Array()] = sent;
    expect(await heard(order)).not.toBeNull();
    expect(await heard(order)).toBeNull();
    await a.link.orders.give("b", "kick", {});
    world.clock.ms += 61_000;
    expect(await heard(sent[1] ?? order)).toBeNull();
    expect(await heard(order.slice(1))).toBeNull();
    const stranger = world.add("s", { secret: "guess" });
    stranger.broker.connect();
    await stranger.link.orders.give("b", "kick", {});
    expect(await heard(sent[2] ?? order)).toBeNull();
    await a.link.orders.give("b", "kick", {});
    const elsewhere = a.broker.subscriptions.get("node.a");
    expect(await elsewhere?.(sent[3] ?? order)).toBeNull();
    expect(b.orders.length).toBe(1);
    expect(b.link.orders.refused).toBe(4);
  });

  test("is one of fifty in a second at the most", async () => {
    const [, a, b] = await World.of("a", "b");
    for (let at = 0; at < 60; at++) await a.link.orders.give("b", "kick", {});
    expect(b.orders.length).toBe(50);
  });
});

describe("a ban", () => {
  test("reaches all nodes, also one that was away, and so does its end", async () => {
    const [world, a, b, c] = await World.of("a", "b", "c");
    c.broker.cut();
    a.bans.add(ban("192.0.2.1", world.clock.ms, "noise"));
    expect(b.bans.of("192.0.2.1")?.reason).toBe("noise");
    expect(c.bans.of("192.0.2.1")).toBeNull();
    c.broker.connect();
    await world.pass(500);
    expect(c.bans.of("192.0.2.1")).not.toBeNull();
    c.broker.cut();
    world.clock.ms += 1000;
    b.bans.remove("192.0.2.1");
    expect(a.bans.of("192.0.2.1")).toBeNull();
    c.broker.connect();
    await world.pass(500);
    expect(c.bans.of("192.0.2.1")).toBeNull();
  });

  test("of a node without a broker reaches the others later", async () => {
    const [world, a, b] = await World.of("a", "b");
    a.broker.cut();
    a.bans.add(ban("192.0.2.0/24", world.clock.ms));
    await world.pass(2000);
    a.broker.connect();
    await world.pass(500);
    expect(b.bans.of("192.0.2.77")).not.toBeNull();
  });

  test("that was ended lives again if it is ordered again", async () => {
    const [world, a, b] = await World.of("a", "b");
    for (const order of ["add", "remove", "add"]) {
      world.clock.ms += 1000;
      if (order === "add") a.bans.add(ban("192.0.2.1", world.clock.ms));
      else a.bans.remove("192.0.2.1");
    }
    expect(b.bans.of("192.0.2.1")).not.toBeNull();
    b.broker.cut();
    b.broker.connect();
    await world.pass(500);
    expect(b.bans.of("192.0.2.1")).not.toBeNull();
    expect(a.bans.of("192.0.2.1")).not.toBeNull();
  });
});

describe("the journal", () => {
  const [began, ended] = [joined(1, 0, 1_800_000_000_000), left(1, 9, 1_800_000_009_000)];

  test("of all nodes is one, with their names, and an outage costs nothing of it", async () => {
    const [world, a, b] = await World.of("a", "b");
    a.link.outbox.add(began);
    await world.pass(1000);
    expect(b.events.map(({ type, node }) => [type, node])).toEqual([["joined", "a"]]);
    a.broker.cut();
    a.link.outbox.add(ended);
    await world.pass(5000);
    expect(b.events.length).toBe(1);
    a.broker.connect();
    await world.pass(1000);
    expect(b.events[1]).toMatchObject({ type: "left", node: "a", position: 9, session: 1 });
    expect(a.events).toEqual([]);
    expect(a.link.outbox).toMatchObject({ queued: 0, lost: 0 });
  });

  test("reaches a node that was away, once it is back", async () => {
    const [world, a, b] = await World.of("a", "b");
    b.broker.cut();
    a.link.outbox.add(began);
    await world.pass(3000);
    b.broker.connect();
    await world.pass(500);
    expect(b.events.map(({ type }) => type)).toEqual(["joined"]);
  });

  test("ends the sessions of a node that began anew, and of one that is silent for ten minutes", async () => {
    const [world, a, b] = await World.of("a", "b");
    a.link.outbox.add({ ...began, atMs: world.clock.ms });
    await world.pass(1000);
    a.broker.cut();
    await world.pass(9 * 60_000);
    expect(b.events.length).toBe(1);
    await world.pass(2 * 60_000);
    expect(b.events.map(({ type }) => type)).toEqual(["joined", "left", "end"]);
    world.nodes.shift();
    const again = world.add("a");
    again.broker.connect();
    again.link.outbox.add({ ...began, atMs: world.clock.ms });
    await world.pass(1000);
    const third = world.add("a");
    third.broker.connect();
    third.link.outbox.add({ ...began, atMs: world.clock.ms });
    await world.pass(1000);
    const types = b.events.slice(3).map(({ type }) => type);
    expect(types).toEqual(["joined", "left", "end", "joined"]);
  });

  test("keeps so many events for the broker and no more", async () => {
    const [, a] = await World.of("a");
    a.broker.cut();
    for (let at = 0; at < 50_010; at++) a.link.outbox.add(began);
    expect(a.link.outbox).toMatchObject({ queued: 50_000, lost: 10 });
  });
});

describe("of two origins", () => {
  test("one leads, and the other takes over when it is gone, or at once when it says so", async () => {
    const [world, a, b] = await World.of("o1", "o2");
    await world.pass(7000);
    const [leader, other] = a.link.role === "leader" ? [a, b] : [b, a];
    expect(other.link.role).toBe("standby");
    expect(other.link.leader).toMatchObject({
      node: leader.name,
      url: `http://${leader.name}.example`,
    });
    leader.broker.cut();
    await world.pass(8000);
    expect([leader.link.role, other.link.role]).toEqual(["standby", "leader"]);
    // It plays its own programme until it hears who leads.
    expect(leader.link.leader).toBeNull();
    leader.broker.connect();
    await world.pass(2000);
    expect(leader.link.leader?.node).toBe(other.name);
    await other.link.close();
    await world.pass(2000);
    expect(leader.link.role).toBe("leader");
    expect(leader.changes).toBeGreaterThanOrEqual(3);
  });

  test("nobody takes the lead while the broker is gone, and a standby goes on relaying the leader", async () => {
    const [world, a, b] = await World.of("o1", "o2");
    await world.pass(7000);
    const [leader, other] = a.link.role === "leader" ? [a, b] : [b, a];
    for (const { broker } of world.nodes) broker.cut();
    await world.pass(60_000);
    expect(other.link.role).toBe("standby");
    expect(other.link.leader?.node).toBe(leader.name);
    expect(leader.link.leader).toBeNull();
    for (const { broker } of world.nodes) broker.connect();
    await world.pass(1000);
    expect(leader.link.role).toBe("leader");
  });
});
