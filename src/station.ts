// The composition root: builds mounts, inputs, audiences and the source port, and knows their facts.
import packageJson from "../package.json" with { type: "json" };
import { Admission } from "./access/admission.ts";
import { buildMount, type Shared } from "./build-mount.ts";
import type { Config } from "./config/config.ts";
import { type ConfigDiff, diffConfig, keepFixed } from "./config/diff.ts";
import { type Clock, realMs, wallClock } from "./lib/clock.ts";
import { appendBy } from "./disk/disk.ts";
import { Disks } from "./disk/disks.ts";
import { Emitter } from "./lib/emitter.ts";
import { RequestRouter } from "./door/router.ts";
import { LineFile } from "./lib/line-file.ts";
import { listenOn } from "./lib/listen-error.ts";
import type { Log } from "./lib/log.ts";
import { Rounds } from "./lib/rounds.ts";
import { within } from "./lib/within.ts";
import { catalogueOf } from "./library/catalogue.ts";
import { startDiskThread } from "./library/start-thread.ts";
import type { Audience } from "./output/audience/audience.ts";
import { Fallbacks } from "./output/audience/fallbacks.ts";
import { OpaqueIds } from "./output/audience/opaque-ids.ts";
import { Pump } from "./output/pump.ts";
import { ListenerLimit } from "./output/audience/listener-limit.ts";
import type { Metadata } from "./mount/metadata.ts";
import type { Input } from "./mount/roles.ts";
import {
  adminFacts,
  memberFacts,
  mountFacts,
  skippedWarnings,
  trafficFacts,
} from "./mount-facts.ts";
import { type MountParts, Mounts } from "./mounts.ts";
import { applyConfig, warningsOf } from "./reconfigure.ts";
import { Descriptors } from "./native/descriptors.ts";
import { tuneListeningSocket, UNTUNED } from "./native/listen.ts";
import { Artworks } from "./input/playlist/artworks.ts";
import { Ingest } from "./door/ingest.ts";
import { listenForShoutcast } from "./door/shoutcast-port.ts";
import { AccessLog } from "./journal/access-log.ts";
import type { AdminFacts, MemberFacts, StationFacts, TrafficFacts } from "./stats/facts.ts";

export const VERSION = packageJson.version;

/** A start waits so long for the first tracks: people then read how many there are. A share may take longer. */
const FIRST_LOOK_MS = 500;

const LAST_LINES_MS = 1000;

/** The Server header of every answer. */
export const SERVER = `Cycast/${VERSION}`;

export interface StationEvents {
  /** What is on air, what is heard, or who may be: not how many listen, and not what grows by itself. */
  readonly status: undefined;
}

export class Station {
  readonly fallbacks = new Fallbacks();
  /** What its pages show has changed. */
  readonly events: Emitter<StationEvents>;
  /** For requests of the source port that are not a source's. */
  readonly router: RequestRouter;
  readonly access: AccessLog;
  readonly admission: Admission;
  /** Requests for /admin with a wrong user name or password. */
  failedLogins = 0;
  readonly artworks: Artworks;
  /** Housekeeping, which is done in the pump's turns. */
  readonly rounds = new Rounds();
  readonly #disks = new Disks(startDiskThread);
  readonly mounts: Mounts;
  readonly #shared: Shared;
  #config: Config;
  /** What is unwise about the configuration as it is now. */
  warnings: readonly string[];
  readonly ingest: Ingest;
  readonly #pump: Pump;
  readonly #startedMs: number;
  readonly #startedWallMs: number;
  readonly #limit: ListenerLimit;
  #isUntuned = false;
  readonly #tuned = new Set<number>();
  readonly #ids: OpaqueIds;
  #listenerCount = 0;

  /** Throws CoreLibraryError or RangeError when the core or its memory is not to be had. */
  constructor(
    config: Config,
    readonly clock: Clock,
    readonly log: Log,
    readonly wall: Clock = wallClock,
    readonly descriptors = new Descriptors(),
  ) {
    this.#config = config;
    this.#limit = new ListenerLimit(descriptors, log);
    this.events = new Emitter((error, event) =>
      log.repeated(`a subscriber of ${event} failed: ${String(error)}`),
    );
    this.artworks = new Artworks(log, () => this.#tellStatus());
    this.admission = new Admission(clock, log);
    const { secretKey, accessLog } = config.advanced;
    const file =
      accessLog === ""
        ? null
        : new LineFile(accessLog, log, appendBy(this.#disks.at(accessLog, accessLog, log)));
    this.access = new AccessLog(file, log, clock, wall);
    this.#shared = this.#share();
    const [first, ...others] = config.mounts;
    this.mounts = new Mounts(buildMount(first, this.#shared));
    for (const mount of others) this.mounts.add(buildMount(mount, this.#shared));
    const { access, admission } = this;
    this.ingest = new Ingest(this.mounts.mounts, this.first.mount, clock, log, access, admission);
    const context = { server: SERVER, clock, wall, log, access, admission };
    this.router = new RequestRouter(this.mounts.byPath, context);
    this.ingest.router = this.router;
    this.ingest.isCramped = () => this.#limit.look();
    this.rounds.add((nowMs) => this.ingest.sweep(nowMs));
    this.#pump = new Pump(this.audiences, config.broadcaster, clock, this.rounds);
    this.#pump.onAbsence = (seconds) => log.warn(`the process stood still for ${seconds} s`);
    this.#startedMs = realMs(clock);
    this.#startedWallMs = wall.nowMs();
    this.#ids = new OpaqueIds(secretKey);
    this.warnings = warningsOf(config, this.#limit);
  }

  get config(): Config {
    return this.#config;
  }

  get audiences(): readonly Audience[] {
    return this.mounts.audiences;
  }

  /** Files of the first mount's playlist at the last look. */
  get tracks(): number {
    return this.first.mount.player?.tracks.count ?? 0;
  }

  get sourcePort(): number {
    return this.ingest.port;
  }

  /** Where SHOUTcast's encoders log in; null when the port after the source port was not free. */
  get shoutcastPort(): number | null {
    return this.ingest.ports[1] ?? this.ingest.sharedPort;
  }

  /** How long a connection may leave unanswered what was sent. The kernel counts one that answers but
   * does not read too: it must not be faster than the audience, which is to drop those. */
  get silentSeconds(): number {
    return Math.max(60, ...this.config.mounts.map((mount) => 2 * mount.listenerTimeout));
  }

  /** The data plane does its work. */
  get isTurning(): boolean {
    return this.#pump.isTurning;
  }

  /** Takes sources and plays. Throws ListenError when the source port cannot be had. */
  async start(): Promise<void> {
    const { host, sourcePort } = this.config.server;
    listenOn("server.source_port", host, sourcePort, () => this.ingest.listen(host, sourcePort));
    listenForShoutcast(this.ingest, this.config.server);
    for (const port of this.ingest.ports) this.tune(port);
    const filled = Promise.all([
      this.access.start(),
      ...this.#inputs.map((input) => input.prepare?.()),
    ]);
    await within(FIRST_LOOK_MS, filled);
    this.#pump.start();
  }

  /** Sets what Bun has no option for on a port of ours that is listened on; told once when that fails. */
  tune(port: number): void {
    this.#tuned.add(port);
    if (tuneListeningSocket(port, this.silentSeconds) > 0 || this.#isUntuned) return;
    this.#isUntuned = true;
    this.log.warn(UNTUNED);
  }

  /** Ends sources and streams cleanly; the rings go last, when nobody looks at them any more. */
  async stop(): Promise<void> {
    this.ingest.close();
    this.#pump.stop();
    for (const { audience } of this.all) audience.close();
    await Promise.allSettled(this.#inputs.map((input) => input.close?.("the station stops")));
    for (const { mount } of this.all) mount.close();
  }

  /** After stop(), when all answers are over: writes the last lines of the access log. */
  async close(): Promise<void> {
    await within(LAST_LINES_MS, this.access.close());
    this.#disks.close();
  }

  get first(): MountParts {
    return this.mounts.first;
  }

  get all(): readonly [MountParts, ...MountParts[]] {
    return this.mounts.all;
  }

  get sourceCounts(): Readonly<Record<string, number>> {
    return this.ingest.counts;
  }

  parts(path: string): MountParts | undefined {
    return this.mounts.find(path);
  }

  /** A title that came beside the audio; false when there is no such mount. */
  updateMetadata(path: string, metadata: Metadata): boolean {
    const mount = this.parts(path)?.mount;
    mount?.retitle(metadata, this.clock.nowMs());
    return mount !== undefined;
  }

  get uptimeSeconds(): number {
    return (realMs(this.clock) - this.#startedMs) / 1000;
  }

  facts(): StationFacts {
    const [first, ...others] = this.all;
    const now = { nowMs: this.clock.nowMs(), wallMs: this.wall.nowMs() };
    return {
      version: VERSION,
      uptimeSeconds: this.uptimeSeconds,
      startedMs: this.#startedWallMs,
      warnings: [...this.warnings, ...this.all.flatMap(skippedWarnings)],
      mounts: [mountFacts(first, now), ...others.map((parts) => mountFacts(parts, now))],
    };
  }

  /** Counters, and where each source comes from; for the keeper only. */
  adminFacts(): AdminFacts {
    return adminFacts(this.all, this.fallbacks, this.ingest.counts);
  }

  /** The listeners of one mount with their addresses; for the keeper only. */
  members(parts: MountParts): MemberFacts[] {
    return memberFacts(parts, this.clock.nowMs());
  }

  /** Looks at one page of `limit` listeners, in no particular order. Pages count from 1; the sums are of all. */
  traffic(limit: number, page = 1): TrafficFacts {
    const from = (page - 1) * limit;
    return {
      ...trafficFacts(this.all, { from, limit, ids: this.#ids, nowMs: this.clock.nowMs() }),
      sources: this.ingest.counts,
      failedLogins: this.failedLogins,
      lateness: this.#pump.lateness,
    };
  }

  /**
   * Takes another configuration while everything runs; no listener of a mount that stays loses a byte. Returns what
   * changed, and what waits for the next start. Throws, having changed nothing, when a new mount's memory is not to be had.
   */
  reconfigure(next: Config): ConfigDiff {
    const diff = diffConfig(this.#config, next);
    const kept = keepFixed(this.#config, next);
    const { mounts, clock } = this;
    applyConfig(this.#config, kept, { mounts, pump: this.#pump, shared: this.#shared, clock });
    this.#config = kept;
    this.warnings = warningsOf(kept, this.#limit);
    for (const port of this.#tuned) this.tune(port);
    this.#tellStatus();
    return diff;
  }

  #share(): Shared {
    const { clock, log, artworks, fallbacks, access } = this;
    return {
      chunkSize: () => this.#config.broadcaster.chunkSize,
      clock,
      log,
      artworks,
      fallbacks,
      access,
      disks: this.#disks,
      catalogue: catalogueOf(this.#config, this.#disks, log),
      context: {
        hasPlace: () => this.#limit.hasPlaceBeside(this.audiences),
        nextNumber: () => ++this.#listenerCount,
      },
      onStatus: () => this.#tellStatus(),
    };
  }

  get #inputs(): readonly Input[] {
    return this.all.flatMap(({ mount }) => mount.inputs);
  }

  #tellStatus(): void {
    this.events.emit("status", undefined);
  }
}
