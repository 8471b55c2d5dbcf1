// Leadership by a register with compare-and-swap: never two leaders, whoever dies, pauses or is cut off.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Lease, LEASE_MS, type Register, type Step } from "../../src/cluster/lease.ts";

const NOTHING: Register = { revision: 0, holder: "" };

/** The broker's register, which may lose its memory. */
class Store {
  register = NOTHING;

  write(revision: number, holder: string): number | null {
    if (revision !== this.register.revision) return null;
    this.register = { revision: revision + 1, holder };
    return this.register.revision;
  }
}

/** What a node is waiting for. */
interface Pending {
  readonly run: string;
  readonly step: Step;
  readonly begunMs: number;
  answer?: Register | number | null;
}

class Node {
  static #runs = 0;
  lease: Lease;
  run = "";
  pending: Pending | null = null;
  /** Requests that it has given up, and that the broker may still get. */
  late: Pending[] = [];

  /** Its clock is slower or faster than that of others. */
  constructor(readonly speed: number) {
    this.lease = this.begin();
  }

  begin(): Lease {
    this.giveUp();
    this.run = `run ${++Node.#runs}`;
    return (this.lease = new Lease(this.run));
  }

  giveUp(): void {
    if (this.pending !== null && !("answer" in this.pending)) this.late.push(this.pending);
    this.pending = null;
  }

  time(nowMs: number): number {
    return nowMs * this.speed;
  }

  ask(nowMs: number): void {
    const begunMs = this.time(nowMs);
    this.pending ??= { run: this.run, step: this.lease.next(begunMs), begunMs };
  }

  /** The broker gets the request. */
  reach(store: Store, pending: Pending | null | undefined = this.pending): void {
    if (pending === null || pending === undefined || "answer" in pending) return;
    const { step, run } = pending;
    pending.answer = step.kind === "read" ? store.register : store.write(step.revision, run);
  }

  /** The node gets the answer. */
  hear(nowMs: number): void {
    const { pending } = this;
    if (pending?.answer === undefined) return;
    this.pending = null;
    const { answer, begunMs } = pending;
    if (answer === null) this.lease.refused();
    else if (typeof answer === "number") this.lease.wrote(answer, begunMs);
    else this.lease.read(answer, this.time(nowMs));
  }
}

/** Most requests are answered; the rest fails in every way there is. */
const act = fc.oneof(
  { weight: 6, arbitrary: fc.constant("whole" as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom("ask", "reach", "hear", "give up", "late", "restart", "wipe"),
  },
);

/** Each after a while; some after just as long as a lease lasts. */
const move = fc.record({
  act,
  node: fc.nat(2),
  ms: fc.oneof(fc.nat(900), fc.integer({ min: LEASE_MS - 900, max: LEASE_MS + 300 })),
});

type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

class World {
  readonly store = new Store();
  readonly nodes = [new Node(1), new Node(1.02), new Node(0.98)];
  nowMs = 0;

  act({ act, node: at, ms }: Move): void {
    const node = this.nodes[at] ?? new Node(1);
    this.nowMs += ms;
    if (act === "wipe") this.wipe();
    else if (act === "late") node.reach(this.store, node.late.shift());
    else if (act === "restart") node.begin();
    else if (act === "give up") node.giveUp();
    else if (act === "ask") node.ask(this.nowMs);
    else if (act === "reach") node.reach(this.store);
    else if (act === "hear") node.hear(this.nowMs);
    else this.whole(node);
  }

  /** Connections end with a broker: what was on its way is lost. */
  wipe(): void {
    this.store.register = NOTHING;
    for (const node of this.nodes) {
      node.pending = null;
      node.late = [];
      node.lease.disconnected();
    }
  }

  whole(node: Node): void {
    node.ask(this.nowMs);
    node.reach(this.store);
    node.hear(this.nowMs);
  }

  get leaders(): Node[] {
    return this.nodes.filter(({ lease }, at) => {
      const node = this.nodes[at];
      return node !== undefined && lease.isLeader(node.time(this.nowMs));
    });
  }
}

describe("of three nodes", () => {
  test("never two lead, whoever dies, pauses, hears late or is cut off, even if the broker forgets", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 200 }), (moves) => {
        const world = new World();
        for (const one of moves) {
          world.act(one);
          expect(world.leaders.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("one leads within three leases, once all reach the broker, whatever was before", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 100 }), (moves) => {
        const world = new World();
        for (const one of moves) world.act(one);
        for (const node of world.nodes) node.giveUp();
        const endMs = world.nowMs + 3 * LEASE_MS;
        while (world.nowMs < endMs) {
          world.nowMs += 500;
          for (const node of world.nodes) world.whole(node);
        }
        expect(world.leaders.length).toBe(1);
      }),
    );
  });

  test("the one that leads goes on leading while it reaches the broker", () => {
    const world = new World();
    const led = new Set<Node>();
    for (let at = 0; at < 100; at++) {
      world.nowMs += 1000;
      for (const node of world.nodes) world.whole(node);
      for (const node of world.leaders) led.add(node);
    }
    expect(led.size).toBe(1);
  });
});

describe("a node", () => {
  const held = { revision: 7, holder: "other" };

  test("takes a register that was given back at once, and one that nobody writes after a lease", () => {
    const lease = new Lease("me");
    lease.read({ revision: 7, holder: "" }, 0);
    expect(lease.next(0)).toEqual({ kind: "write", revision: 7 });
    lease.read(held, 100);
    expect(lease.next(100 + LEASE_MS - 1)).toEqual({ kind: "read" });
    expect(lease.next(100 + LEASE_MS)).toEqual({ kind: "write", revision: 7 });
  });

  test("waits a lease where it finds nothing: the broker may have forgotten a leader", () => {
    const lease = new Lease("me");
    lease.read(NOTHING, 0);
    expect(lease.next(LEASE_MS - 1)).toEqual({ kind: "read" });
    expect(lease.next(LEASE_MS)).toEqual({ kind: "write", revision: 0 });
  });

  test("counts its lease from the begin of a write", () => {
    const lease = new Lease("me");
    lease.wrote(8, 1000);
    expect(lease.isLeader(1000 + LEASE_MS - 501)).toBe(true);
    expect(lease.isLeader(1000 + LEASE_MS - 500)).toBe(false);
    lease.read({ revision: 9, holder: "other" }, 1100);
    expect(lease.isLeader(1100)).toBe(false);
  });

  test("keeps its lease if a write of its own was late, and finds it", () => {
    const lease = new Lease("me");
    lease.wrote(8, 0);
    lease.refused();
    expect(lease.isLeader(100)).toBe(true);
    expect(lease.next(100)).toEqual({ kind: "read" });
    lease.read({ revision: 9, holder: "me" }, 200);
    expect(lease.next(200)).toEqual({ kind: "write", revision: 9 });
  });
});
