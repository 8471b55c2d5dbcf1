// The cluster of a station, as its configuration has it: none, or a link to the other nodes. What talks to NATS is loaded for
// a link only.
import type { Ban } from "../access/ban.ts";
import type { Config } from "../config/config.ts";
import { machineName, natsServers } from "../config/nats-keys.ts";
import type { Journal } from "../journal/journal.ts";
import type { Rounds } from "../lib/rounds.ts";
import { within } from "../lib/within.ts";
import type { Obey } from "./orders.ts";
import { Link, type LinkHost, type LinkSettings } from "./link.ts";

/** A start waits this long until it is known who leads, so that a standby does not play its own programme first. */
const KNOWN_MS = 3000;
const LOOK_MS = 50;

/** An end waits this long for the broker. */
const FAREWELL_MS = 2000;

const IDLE_MS = 60_000;

/** The station, as far as its cluster knows it. */
export interface ClusterHost extends Omit<LinkHost, "obey"> {
  readonly journal: Journal;
  readonly config: Config;
  readonly rounds: Rounds;
  readonly events: { on(event: "config", handler: (config: Config) => void): Disposable };
}

interface Settings extends LinkSettings {
  readonly servers: readonly string[];
  readonly name: string;
}

function settingsOf({ cluster, edge }: Config): Settings | null {
  const { nats, name, node, url, secret, standby } = cluster;
  const servers = natsServers(nats.reveal());
  if (servers.length === 0) return null;
  const own = { node: node || machineName(), url, standby, isEdge: edge.origin.length > 0 };
  return { servers, name, secret: secret.reveal(), ...own };
}

export class Cluster {
  #link: Link | null = null;
  #settings = "null";
  #opening: Promise<void> = Promise.resolve();
  #endRounds: () => void = () => undefined;
  #isClosed = false;
  readonly #orders = new Map<string, (body: unknown) => Promise<unknown>>();

  constructor(private readonly host: ClusterHost) {
    this.#follow(host.config);
    host.events.on("config", (config) => this.#follow(config));
    host.journal.read((event) => this.#link?.outbox.add(event));
  }

  /** null without a cluster, and for a moment at the start. */
  get link(): Link | null {
    return this.#link;
  }

  /** The name of this server among the others; null without a cluster. */
  get node(): string | null {
    return this.#link?.settings.node ?? null;
  }

  /** An operator of this server banned an address, or ended its ban. */
  banned(order: "ban" | "end", ban: Ban): void {
    if (order === "ban") this.#link?.bans.banned(ban);
    else this.#link?.bans.ended(ban);
  }

  /** Obeys orders of this name from other nodes. `obey` gives the answer; null for what it does not understand. */
  serve(name: string, obey: (body: unknown) => Promise<unknown>): void {
    this.#orders.set(name, obey);
  }

  /** The answer of another node; null if there is none. */
  async order(node: string, name: string, body: unknown): Promise<unknown> {
    return (await this.#link?.orders.give(node, name, body)) ?? null;
  }

  /** When it is known who leads, or cannot be known soon. Never rejects. */
  async ready(): Promise<void> {
    await this.#opening;
    const { elector } = this.#link ?? {};
    if (elector === null || elector === undefined) return;
    await within(
      KNOWN_MS,
      this.#known(() => elector.isKnown || this.#isClosed),
    );
  }

  /** The rounds have not begun yet. */
  async #known(isKnown: () => boolean): Promise<void> {
    const { clock } = this.host;
    const endMs = clock.nowMs() + KNOWN_MS;
    while (!isKnown() && clock.nowMs() < endMs) {
      this.#link?.round();
      await Bun.sleep(LOOK_MS);
    }
  }

  /** This server ends: another may lead at once. */
  resign(): void {
    this.#endRounds();
    void this.#link?.elector?.resign();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endRounds();
    await this.#opening;
    await this.#end();
  }

  #follow(config: Config): void {
    const settings = settingsOf(config);
    const text = JSON.stringify(settings);
    if (text === this.#settings) return;
    this.#settings = text;
    this.#opening = this.#opening.then(() => this.#change(settings));
  }

  async #change(settings: Settings | null): Promise<void> {
    await this.#end();
    if (settings === null || this.#isClosed) return;
    const { NatsBroker } = await import("./nats-broker.ts");
    const obey: Obey = async (name, body) => (await this.#orders.get(name)?.(body)) ?? null;
    const host = { ...this.host, obey };
    this.#link = new Link(settings, host, new NatsBroker(settings, this.host.log));
    this.#endRounds = this.host.rounds.add(() => this.#link?.round() ?? IDLE_MS);
  }

  async #end(): Promise<void> {
    const link = this.#link;
    if (link === null) return;
    this.#endRounds();
    await within(
      FAREWELL_MS,
      link.close().catch(() => undefined),
    );
    this.#link = null;
    this.host.leaderChanged();
  }
}
