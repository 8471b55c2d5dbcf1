// The composition root: builds mounts, inputs, audiences, the source port and the facts about them, and starts, changes
// and stops them together.
import type { Admission } from "../access/admission.ts";
import type { Ban, Bans } from "../access/ban.ts";
import type { Membership } from "../access/membership.ts";
import { TrustedProxies } from "../access/trusted-proxies.ts";
import { Brand } from "../branding/brand.ts";
import { type AccessParts, buildAccess } from "../assembly/build-access.ts";
import { buildLibrary } from "../assembly/build-library.ts";
import { buildMounts, type Shared } from "../assembly/build-mount.ts";
import type { Cluster } from "../cluster/cluster-member.ts";
import type { Config } from "../config/config.ts";
import { type ConfigDiff, diffConfig, keepFixed } from "../config/diff.ts";
import { LOWEST, type Priority } from "../convert/lower-priority.ts";
import { Disks } from "../disk/disks.ts";
import { Ingest } from "../door/ingest.ts";
import { openPorts } from "../door/open-ports.ts";
import { RequestRouter } from "../door/router.ts";
import { Edges } from "../edges/edges.ts";
import { restorePlays } from "../assembly/earlier-plays.ts";
import { beginBan, restoreBans } from "./end-banned.ts";
import type { StationFacts } from "../facts/facts.ts";
import { Facts } from "../facts/station-facts.ts";
import { HlsStation } from "../hls/hls-station.ts";
import { joinCluster } from "./join-cluster.ts";
import { Artworks } from "../input/playlist/artworks.ts";
import type { AccessLog } from "../journal/access-log.ts";
import { type Clock, distinct, wallClock } from "../lib/clock.ts";
import { Emitter } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import { Rounds } from "../lib/rounds.ts";
import { SERVER } from "../lib/version.ts";
import { within, withinInTurn } from "../lib/within.ts";
import type { ConverterState } from "../library/converter.ts";
import { startCatalogueThread, startDiskThread } from "../library/start-thread.ts";
import { Fallbacks } from "../output/audience/fallbacks.ts";
import { endLongest } from "../output/audience/longest-listening.ts";
import { ListenerLimit } from "../output/audience/listener-limit.ts";
import { Pump } from "../output/pump.ts";
import { HlsSessions } from "../output/sessions/hls-sessions.ts";
import type { Input } from "../mount/roles.ts";
import type { MountParts, Mounts } from "../assembly/mounts.ts";
import { startRelays } from "./mirror.ts";
import { Descriptors } from "../lib/descriptors.ts";
import { PortTuning } from "../native/listen.ts";
import { Recordings } from "../recording/recordings.ts";
import { Records } from "../assembly/records.ts";
import { remember } from "./remember.ts";
import { applyConfig, warningsOf } from "./reconfigure.ts";
import type { Relays } from "./relays.ts";
import type { StationEvents } from "./station-events.ts";
import { CertificateFiles } from "../tls/certificate-files.ts";

/** The start waits this long for what is kept and for first tracks, so that no silence plays before them; a share may take longer. */
const WAIT_MS = { kept: 500, hls: 2000, firstTracks: 1000, last: 1000 } as const;

export class Station {
  /** Sentences about the configuration in force, and the system's limits. */
  warnings: readonly string[];
  readonly fallbacks = new Fallbacks(() => this.mounts.byPath);
  readonly events: Emitter<StationEvents>;
  readonly mounts: Mounts;
  readonly recordings: Recordings;
  readonly hlsSessions: HlsSessions;
  readonly artworks: Artworks;
  readonly records: Records;
  readonly admission: Admission;
  readonly membership: Membership;
  readonly proxies: TrustedProxies;
  readonly certificates: CertificateFiles;
  readonly ingest: Ingest;
  /** Serves the clients of the source port that are no sources. */
  readonly router: RequestRouter;
  readonly ports: PortTuning;
  /** Housekeeping, which is done in the pump's turns. */
  readonly rounds = new Rounds();
  readonly pump: Pump;
  readonly relays: Relays;
  readonly edges: Edges;
  readonly about: Facts;
  readonly brand: Brand;
  readonly cluster: Cluster;
  readonly #disks = new Disks(startDiskThread, startCatalogueThread);
  readonly #limit: ListenerLimit;
  readonly #may: AccessParts;
  readonly #shared: Shared;
  #config: Config;
  #listenerCount = 0;

  /** Throws CoreLibraryError or RangeError when the core or its memory is not to be had. */
  constructor(
    config: Config,
    readonly clock: Clock,
    readonly log: Log,
    readonly wall: Clock = wallClock,
    readonly descriptors = new Descriptors(),
    private readonly converting: Priority = LOWEST,
  ) {
    this.#config = config;
    this.#limit = new ListenerLimit(descriptors, log);
    this.events = new Emitter((error, event) =>
      log.repeated(`a subscriber of ${event} failed: ${String(error)}`),
    );
    this.artworks = new Artworks(log, () => this.#announce());
    const disks = this.#disks;
    const now = {
      config: () => this.#config,
      mounts: () => this.mounts,
      sourcePort: () => this.sourcePort,
    };
    this.#may = buildAccess({ ...now, clock, wall, log, disks });
    this.admission = this.#may.admission;
    this.membership = this.#may.membership;
    this.proxies = new TrustedProxies(config.server);
    this.records = new Records({ ...now, clock, wall, log, disks });
    const stalls = () => this.config.mounts.map(({ listenerTimeout }) => listenerTimeout);
    this.ports = new PortTuning(log, stalls);
    this.#shared = this.#share();
    this.mounts = buildMounts(config.mounts, this.#shared);
    this.recordings = new Recordings({ disks, log, clock, wall });
    this.recordings.follow(this.all);
    const { access, admission, mounts, fallbacks } = this;
    this.hlsSessions = new HlsSessions({ ...now, admission, access, clock, rounds: this.rounds });
    this.ingest = new Ingest(mounts.mounts, this.first.mount, clock, log, access, admission);
    const edges = (this.edges = new Edges(this));
    const context = { server: SERVER, clock, wall, log, access, admission, fallbacks, edges };
    this.router = new RequestRouter(mounts.byPath, context);
    this.certificates = new CertificateFiles(this.#disks, log, wall);
    this.#connectIngest();
    this.#addRounds();
    this.pump = new Pump(mounts.audiences, config.broadcaster, clock, this.rounds);
    this.pump.onAbsence = (seconds) => log.warn(`the process stood still for ${seconds} s`);
    this.warnings = warningsOf(config, this.#limit);
    const running = { mounts, pump: this.pump, shared: this.#shared, clock };
    this.relays = startRelays(this, running, () => this.#announce());
    this.about = new Facts(this);
    this.brand = new Brand(this, disks, () => this.#announce());
    this.cluster = joinCluster(this);
  }

  #connectIngest(): void {
    this.ingest.router = this.router;
    this.ingest.proxies = this.proxies;
    this.ingest.certificate = () => this.certificates.current;
    this.ingest.maxPerClient = () => this.config.limits.connectionsPerAddress;
    this.ingest.isCramped = () => this.#limit.look();
  }

  #addRounds(): void {
    this.rounds.add((nowMs) => this.ingest.sweep(nowMs));
    this.rounds.add(this.recordings.tick);
    this.rounds.add((nowMs) => endLongest(this.mounts.audiences, nowMs));
    this.rounds.add(this.certificates.round);
  }

  /** The configuration in force. */
  get config(): Config {
    return this.#config;
  }

  get access(): AccessLog {
    return this.records.access;
  }

  get first(): MountParts {
    return this.mounts.first;
  }

  get all(): readonly [MountParts, ...MountParts[]] {
    return this.mounts.all;
  }

  parts(path: string): MountParts | undefined {
    return this.mounts.find(path);
  }

  get sourcePort(): number {
    return this.ingest.port;
  }

  /** Why no track can be converted at present; null if they can, or none is. */
  get conversionTrouble(): string | null {
    return this.#shared.copying?.converter.stopped ?? null;
  }

  get bans(): Bans {
    return this.#may.bans;
  }

  /** null if nothing is converted or measured here. */
  get converter(): ConverterState | null {
    return this.#shared.copying?.converter.state ?? null;
  }

  facts(): StationFacts {
    return this.about.now();
  }

  /** Bans an address and ends its connections; false if there are too many bans. */
  ban(ban: Ban): boolean {
    return this.bans.add(ban) && beginBan(ban, this);
  }

  /** Reads the certificate and the bans. Rejects with CertificateError if one is configured that cannot be used. */
  async prepare(): Promise<void> {
    const key = this.records.keepKey(this.hlsSessions.ids);
    const kept = Promise.all([restoreBans(this.#may.banFile, this), key]);
    const hls = { ms: WAIT_MS.hls, promise: this.#shared.hls.restore() };
    const restored = withinInTurn({ ms: WAIT_MS.kept, promise: kept }, hls);
    await Promise.all([restored, this.cluster.ready()]);
    const use = await this.certificates.prepare(this.config);
    await use();
  }

  /** Accepts sources. Throws ListenError if a port cannot be opened. */
  listen(): void {
    for (const port of openPorts(this.ingest, this.config)) this.ports.tune(port);
  }

  /** Plays, with the first tracks if they are there soon. Never rejects. */
  async play(): Promise<void> {
    const { records, mounts, wall, about } = this;
    const filled = this.#inputs.map((input) => input.prepare?.());
    await within(WAIT_MS.firstTracks, Promise.all([this.access.start(), ...filled]));
    this.pump.start();
    this.about.watch.start();
    void remember({ store: records.history, chart: about.watch.history, mounts, wall });
    void restorePlays(this.all, this.records.history, this.wall.nowMs());
  }

  /** Ends sources and streams cleanly; the rings go last, when nothing uses them any more. */
  async stop(): Promise<void> {
    this.cluster.resign();
    for (const part of [this.about.watch, this.relays, this.edges, this.ingest]) part.close();
    this.pump.stop();
    this.#shared.hls.leave();
    for (const { pushes } of this.all) pushes.close();
    for (const audience of this.mounts.audiences) audience.close();
    const recorded = this.recordings.close();
    const closed = this.#inputs.map((input) => input.close?.("the station stops"));
    await Promise.allSettled([recorded, ...closed]);
    for (const { mount } of this.all) mount.close();
    await this.cluster.close();
    this.#shared.copying?.converter.close();
    this.#shared.meter.close();
  }

  /** After stop(), when all answers are over: writes the last lines of the access log. */
  async close(): Promise<void> {
    const written = [this.records.close(), this.#may.banFile?.settled(), this.#shared.hls.close()];
    await within(WAIT_MS.last, Promise.all(written));
    this.#disks.close();
  }

  /**
   * Applies another configuration while everything runs; no listener of a mount that stays loses a byte. Returns what
   * changed, and what takes effect only at the next start. Throws, having changed nothing, if a new mount's memory
   * cannot be allocated.
   */
  reconfigure(next: Config): ConfigDiff {
    const diff = diffConfig(this.#config, next);
    const kept = keepFixed(this.#config, next);
    const { mounts, pump, clock } = this;
    applyConfig(this.#config, kept, { mounts, pump, shared: this.#shared, clock });
    this.#config = kept;
    this.recordings.follow(this.all);
    this.records.reconfigure(kept);
    this.proxies.reconfigure(kept.server);
    this.warnings = warningsOf(kept, this.#limit);
    this.ports.again();
    this.events.emit("config", kept);
    this.#announce();
    return diff;
  }

  #share(): Shared {
    const { clock, wall, log, artworks, fallbacks, records } = this;
    const context = {
      hasPlace: () => this.#limit.hasPlaceBeside(this.mounts.audiences),
      nextNumber: () => ++this.#listenerCount,
      clusterKey: () => this.membership.key("resume"),
    };
    const library = buildLibrary(this.config, this.#disks, log, this.converting);
    const base = { clock, wall, moments: distinct(wall), log, artworks, fallbacks };
    const hls = new HlsStation(this, records.state);
    const own = { ...base, journal: records.journal, hls, context, disks: this.#disks, ...library };
    const chunkSize = () => this.config.broadcaster.chunkSize;
    return { ...own, chunkSize, onStatus: () => this.#announce() };
  }

  get #inputs(): readonly Input[] {
    return this.all.flatMap(({ mount }) => mount.inputs);
  }

  #announce(): void {
    this.events.emit("status", undefined);
  }
}
