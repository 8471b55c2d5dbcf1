// One edge: asked about itself once a second, and what is known of it.
import type { EdgeAddress } from "../config/cluster-keys.ts";
import { TextFetch } from "../input/relay/fetch-text.ts";
import { masterUrl } from "../input/relay/master-url.ts";
import type { Log } from "../lib/log.ts";
import { SYSTEM_TRUST, type Dial } from "../dial/dial.ts";
import { EdgeHealth } from "./edge-health.ts";
import { type MountReport, NODE_PATH, type NodeReport, readReport } from "./edge-report.ts";

const POLL_MS = 1000;

/** For its connection, and again for its answer. */
const TIMEOUT_MS = 2000;

/** What polls need of the station. */
export interface Polling {
  readonly dial: Dial;
  readonly log: Log;
  readonly now: () => number;
  /** A proof for a request of this target; none outside of a cluster. */
  readonly lines: (target: string) => readonly string[];
  /** The own node's name. */
  readonly self: string;
}

export class Edge {
  readonly health = new EdgeHealth();
  #report: NodeReport | null = null;
  /** The latest, which outlasts a failure. */
  #latest: NodeReport | null = null;
  #fetch: TextFetch | null = null;
  #nextMs = Number.NEGATIVE_INFINITY;
  /** Listeners that were sent there since the latest answered poll began, and since the one that is under way. */
  #sent = 0;
  #sentSincePoll = 0;

  constructor(
    public address: EdgeAddress,
    private readonly polling: Polling,
  ) {}

  get url(): string {
    return this.address.url;
  }

  get weight(): number {
    return this.address.weight;
  }

  /** Listeners there, as it said last; 0 while it is not reached. */
  get listeners(): number {
    return this.#mounts.reduce((sum, { listeners }) => sum + listeners, 0);
  }

  /** The same, with those who are on their way. */
  get load(): number {
    return this.listeners + this.#sent;
  }

  get isFull(): boolean {
    return this.#report?.isFull === true;
  }

  /** null if it does not have the mount, or does not say what it has. */
  mount(path: string): MountReport | null {
    return this.#mounts.find((mount) => mount.path === path) ?? null;
  }

  /** The mount whose ring had this run, alive or not. */
  ring(path: string, run: string): MountReport | null {
    const mounts = this.#latest?.mounts ?? [];
    return mounts.find((mount) => mount.path === path && mount.run === run) ?? null;
  }

  /** A listener of this mount may be sent there. */
  serves(path: string): boolean {
    if (!this.health.isHealthy || this.isFull) return false;
    return this.#report === null || this.mount(path) !== null;
  }

  /** A listener is on its way. */
  sent(): void {
    this.#sent++;
    this.#sentSincePoll++;
  }

  /** Something hints that it has failed. */
  doubt(): void {
    this.#nextMs = Number.NEGATIVE_INFINITY;
  }

  /** To be called a few times a second. */
  round(nowMs: number): void {
    this.#fetch?.check(nowMs);
    if (this.#fetch === null && nowMs >= this.#nextMs) this.#ask(nowMs);
  }

  close(): void {
    this.#fetch?.close();
    this.#fetch = null;
  }

  get #mounts(): readonly MountReport[] {
    return this.#report?.mounts ?? [];
  }

  /** Outside of a cluster only its readiness is known. */
  #ask(nowMs: number): void {
    this.#nextMs = nowMs + POLL_MS;
    this.#sentSincePoll = 0;
    const { dial, lines, now } = this.polling;
    const proof = lines(NODE_PATH);
    const url = masterUrl(`${this.url}${proof.length > 0 ? NODE_PATH : "/health/ready"}`);
    if (url === null) return;
    const context = { dial, trust: SYSTEM_TRUST, timeoutMs: TIMEOUT_MS, lines: proof };
    const done = (text: string) => this.#onAnswer(proof.length > 0 ? readReport(text) : null);
    this.#fetch = new TextFetch(url, context, now, done, (why) => this.#fail(why));
  }

  #onAnswer(report: NodeReport | null): void {
    this.#fetch = null;
    const isMember = this.polling.lines(NODE_PATH).length > 0;
    if (isMember && report === null) return this.#fail("its answer cannot be read");
    if (report?.node === this.polling.self) return this.#fail("it is this server itself");
    this.#report = report;
    this.#latest = report ?? this.#latest;
    this.#sent = this.#sentSincePoll;
    const [reason] = report?.reasons ?? [];
    if (reason !== undefined) return this.#leaveOut(`it is not ready: ${reason}`);
    if (this.health.answered()) this.polling.log.info(`the edge ${this.url} takes listeners`);
  }

  /** Its listeners are not counted any more: where they are now is not known. */
  #fail(why: string): void {
    this.#fetch = null;
    this.#report = null;
    this.#sent = 0;
    this.#leaveOut(why);
  }

  #leaveOut(why: string): void {
    if (this.health.failed(why))
      this.polling.log.warn(`the edge ${this.url} gets no listeners: ${why}`);
  }
}
