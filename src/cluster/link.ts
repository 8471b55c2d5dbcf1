// This node among the others, over one broker: what it says of itself, what it hears of them, and who leads.
import type { JournalEvent } from "../journal/journal.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Broker } from "./broker.ts";
import { Elector, type Leader } from "./elector.ts";
import { JOURNAL_PURPOSE, JournalOutbox } from "./journal-outbox.ts";
import { type NodeReport, nodeReport, type Role } from "./node-report.ts";
import { NodeView, REPORT_MS, type SeenNode } from "./node-view.ts";
import { type Obey, Orders } from "./orders.ts";
import { RemoteSessions } from "./remote-sessions.ts";
import { remoteBatch } from "./remote-event.ts";
import { Seal } from "./seal.ts";
import { type OwnBans, SharedBans } from "./shared-bans.ts";

const BUCKET = "nodes";
const PURPOSE = "node";

const ROUND_MS = 500;

/** A node that is silent for so long has ended: its listeners too. */
const ENDED_MS = 10 * 60_000;

export interface LinkSettings {
  readonly node: string;
  readonly url: string;
  readonly secret: string;
  readonly standby: boolean;
  readonly isEdge: boolean;
}

/** What a node says of itself, beside its name. */
export type OwnReport = Pick<NodeReport, "version" | "startedMs" | "listeners" | "mounts">;

/** The station, as far as its cluster knows it. */
export interface LinkHost {
  readonly log: Log;
  /** Never goes back, and counts all time that passes. */
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly bans: OwnBans;
  report(): OwnReport;
  readonly obey: Obey;
  /** Events of other nodes; null if they are of no use here. */
  readonly remote: ((events: readonly JournalEvent[]) => void) | null;
  /** Another node leads, or this one. */
  leaderChanged(): void;
  /** What pages show of other nodes. */
  viewChanged(): void;
}

export class Link {
  /** Differs from that of every other start, and from those of other nodes. */
  readonly run = crypto.randomUUID();
  readonly view: NodeView;
  readonly orders: Orders;
  readonly bans: SharedBans;
  readonly outbox: JournalOutbox;
  /** null if this node shares no programme. */
  readonly elector: Elector | null;
  readonly #seal: Seal;
  readonly #sessions = new RemoteSessions();
  #downSinceMs: number | null;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #electedMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly settings: LinkSettings,
    private readonly host: LinkHost,
    readonly broker: Broker,
  ) {
    const { log, wall, clock } = host;
    this.#downSinceMs = clock.nowMs();
    const { node, secret } = settings;
    const seal = (this.#seal = new Seal(secret));
    const parts = { broker, seal, wall, node, run: this.run };
    this.view = new NodeView({
      came: (name) => this.#came(name),
      went: (name) => this.#went(name),
    });
    this.orders = new Orders({ ...parts, obey: host.obey });
    this.bans = new SharedBans({ ...parts, own: host.bans });
    this.outbox = new JournalOutbox(parts);
    this.elector = settings.standby ? this.#elector(log) : null;
    broker.onState = (isConnected) => this.#onState(isConnected);
    broker.watch(BUCKET, (key, bytes) => this.#heard(key, bytes, true));
    if (host.remote !== null) broker.follow(node, (bytes) => this.#happened(bytes));
  }

  get role(): Role {
    if (this.elector !== null) return this.elector.isLeader ? "leader" : "standby";
    return this.settings.isEdge ? "edge" : "server";
  }

  /** The other node whose programme this one is to play; null if it plays its own. */
  get leader(): Leader | null {
    return this.elector?.other ?? null;
  }

  /** The other nodes, by name. */
  get nodes(): SeenNode[] {
    return this.view.all(this.host.clock.nowMs());
  }

  /** Milliseconds for which the broker cannot be used; null while it can. */
  get downMs(): number | null {
    return this.#downSinceMs === null ? null : this.host.clock.nowMs() - this.#downSinceMs;
  }

  /** Does what is due. Returns the milliseconds until it wants to be called again. */
  round(): number {
    const nowMs = this.host.clock.nowMs();
    if (this.broker.isConnected) this.view.look(nowMs);
    if (nowMs - this.#electedMs >= 2 * ROUND_MS) this.#elect(nowMs);
    if (nowMs - this.#reportedMs >= REPORT_MS) this.#report(nowMs);
    this.#endThoseGone();
    void this.outbox.flush();
    return ROUND_MS;
  }

  /** Says what is left to say. */
  async close(): Promise<void> {
    await this.elector?.resign();
    await this.outbox.flush();
    await this.broker.close();
  }

  #elector(log: Log): Elector {
    const { broker, run } = this;
    const { clock, wall } = this.host;
    const { node, url } = this.settings;
    const onChange = () => {
      this.#reportedMs = Number.NEGATIVE_INFINITY;
      this.host.leaderChanged();
    };
    return new Elector({
      ...{ broker, seal: this.#seal, log, clock, wall, onChange },
      me: { node, url, run },
    });
  }

  #elect(nowMs: number): void {
    this.#electedMs = nowMs;
    this.elector?.look();
  }

  #report(nowMs: number): void {
    this.#reportedMs = nowMs;
    const { node, url } = this.settings;
    const report = { ...this.host.report(), node, run: this.run, url, role: this.role };
    this.broker.keep(BUCKET, node, this.#seal.close(PURPOSE, report, this.host.wall.nowMs()));
  }

  #onState(isConnected: boolean): void {
    const nowMs = this.host.clock.nowMs();
    if (!isConnected) this.#downSinceMs ??= nowMs;
    if (!isConnected) return this.elector?.disconnected();
    this.#downSinceMs = null;
    this.view.excuse(nowMs);
    this.#reportedMs = this.#electedMs = Number.NEGATIVE_INFINITY;
    // A failure is one of the broker, which is connected again later.
    void this.#learn().catch(() => undefined);
  }

  async #learn(): Promise<void> {
    await this.bans.connected();
    for (const [key, bytes] of await this.broker.all(BUCKET)) this.#heard(key, bytes, false);
  }

  #heard(key: string, bytes: Uint8Array, isNew: boolean): void {
    const opened = this.#seal.open(PURPOSE, bytes);
    const report = nodeReport(opened?.body);
    if (opened === null || report === null || report.node !== key) return;
    if (report.node === this.settings.node) return this.#heardOwn(report, isNew);
    const ageMs = isNew ? 0 : this.host.wall.nowMs() - opened.atMs;
    this.view.heard(report, opened.atMs, this.host.clock.nowMs(), ageMs);
    this.host.viewChanged();
  }

  /** `isNew`: else the broker has kept it since an earlier start. */
  #heardOwn({ run }: NodeReport, isNew: boolean): void {
    if (isNew && run !== this.run)
      this.host.log.repeated(`cluster: another server is called ${this.settings.node} too`);
  }

  #happened(bytes: Uint8Array): void {
    const batch = remoteBatch(this.#seal.open(JOURNAL_PURPOSE, bytes)?.body);
    if (batch === null || batch.node === this.settings.node) return;
    this.host.remote?.(this.#sessions.take(batch, this.host.wall.nowMs()));
  }

  #endThoseGone(): void {
    if (!this.broker.isConnected) return;
    for (const { report, silentMs } of this.nodes) {
      if (silentMs < ENDED_MS) continue;
      const ended = this.#sessions.end(report.node, this.host.wall.nowMs() - silentMs);
      if (ended.length > 0) this.host.remote?.(ended);
    }
  }

  #came(node: string): void {
    this.host.log.info(`cluster: ${node} is there`);
  }

  #went(node: string): void {
    this.host.log.warn(`cluster: ${node} has not been heard for a while`);
    this.host.viewChanged();
  }
}
