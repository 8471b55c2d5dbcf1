// The facts about the whole station at one moment, each collected when it is asked for.
import type { Admission } from "../access/admission.ts";
import type { Cluster } from "../cluster/cluster-member.ts";
import type { Config } from "../config/config.ts";
import type { Ingest } from "../door/ingest.ts";
import { missingPort } from "../door/shoutcast-port.ts";
import { type Clock, realMs } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { VERSION } from "../lib/version.ts";
import type { Descriptors } from "../lib/descriptors.ts";
import type { Edges } from "../edges/edges.ts";
import type { Fallbacks } from "../output/audience/fallbacks.ts";
import { OpaqueIds } from "../output/audience/opaque-ids.ts";
import type { ConverterState } from "../library/converter.ts";
import type { Pump } from "../output/pump.ts";
import type { MountParts, Mounts } from "../assembly/mounts.ts";
import type { Recordings } from "../recording/recordings.ts";
import type { Brand } from "../branding/brand.ts";
import type { CertificateFiles } from "../tls/certificate-files.ts";
import type { Shared } from "./audience-node.ts";
import { type ClusterFacts, clusterFacts } from "./cluster-facts.ts";
import type { ProcessFacts, StationCounters } from "./counters.ts";
import type {
  CertificateFacts,
  LatelyFacts,
  ListenerFacts,
  MountFacts,
  StationFacts,
} from "./facts.ts";
import { type DiskFacts, writtenDirectories } from "./disk-space.ts";
import { type EdgeFacts, edgeFacts } from "./edge-facts.ts";
import { lazy } from "./lazy.ts";
import { MountNode } from "./mount-facts.ts";
import { type RecordingFacts, recordingFacts } from "./recording-facts.ts";
import { Watch } from "./watch.ts";

/** The parts of a station that facts are about. */
export interface Subject {
  /** In force now. */
  readonly config: Config;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly mounts: Mounts;
  readonly fallbacks: Fallbacks;
  readonly edges: Edges;
  readonly ingest: Ingest;
  readonly admission: Admission;
  readonly pump: Pump;
  readonly brand: Brand;
  readonly certificates: CertificateFiles;
  readonly recordings: Recordings;
  readonly cluster: Cluster;
  readonly log: Log;
  readonly descriptors: Descriptors;
  /** Sentences about the configuration in force, and the system's limits. */
  readonly warnings: readonly string[];
  /** Why no track can be converted at present: a sentence without its end, or null. */
  readonly conversionTrouble: string | null;
  readonly converter: ConverterState | null;
}

/** Makes the facts of a station, and remembers what takes time to show. */
export class Facts {
  readonly watch: Watch;
  readonly #ids: OpaqueIds;
  readonly #startedMs: number;
  readonly #startedWallMs: number;

  constructor(private readonly subject: Subject) {
    const { mounts, wall, clock, admission, ingest, config } = subject;
    const directories = () => writtenDirectories(subject.config);
    this.watch = new Watch({ mounts, wall, admission, sources: ingest.counts, directories });
    this.#ids = new OpaqueIds(config.advanced.secretKey);
    this.#startedMs = realMs(clock);
    this.#startedWallMs = wall.nowMs();
  }

  get uptimeSeconds(): number {
    return (realMs(this.subject.clock) - this.#startedMs) / 1000;
  }

  now(): StationFacts {
    const { clock, wall, fallbacks, edges } = this.subject;
    const elsewhere = (path: string) => edges.listenersOf(path);
    const { watch } = this;
    const moment = { nowMs: clock.nowMs(), wallMs: wall.nowMs() };
    const started = { startedMs: this.#startedWallMs, uptimeSeconds: this.uptimeSeconds };
    return new StationNode(this.subject, started, {
      ...moment,
      watch,
      ids: this.#ids,
      fallbacks,
      elsewhere,
    });
  }
}

interface Started {
  readonly startedMs: number;
  readonly uptimeSeconds: number;
}

class StationNode implements StationFacts {
  readonly startedMs: number;
  readonly uptimeSeconds: number;
  readonly #warnings: () => readonly string[];
  readonly #nodes = new Map<MountParts, MountFacts>();

  constructor(
    private readonly subject: Subject,
    { startedMs, uptimeSeconds }: Started,
    private readonly shared: Shared,
  ) {
    this.startedMs = startedMs;
    this.uptimeSeconds = uptimeSeconds;
    const { warnings, mounts } = subject;
    this.#warnings = lazy(() => [...warnings, ...mounts.all.flatMap(skippedWarnings)]);
  }

  get version(): string {
    return VERSION;
  }

  get nowMs(): number {
    return this.shared.wallMs;
  }

  get warnings(): readonly string[] {
    return this.#warnings();
  }

  get configWarnings(): readonly string[] {
    const { config, brand } = this.subject;
    return [...config.warnings, ...brand.warnings];
  }

  get hasDefaultAdmin(): boolean {
    return this.subject.config.server.admin?.password.isDefault ?? false;
  }

  get isListening(): boolean {
    return this.subject.ingest.ports.length > 0;
  }

  get missingPort(): number | null {
    return missingPort(this.subject.ingest, this.subject.config.server);
  }

  get isListenPortNext(): boolean {
    const { ingest, config } = this.subject;
    return config.server.listenPort === ingest.port + 1;
  }

  get conversionTrouble(): string | null {
    return this.subject.conversionTrouble;
  }

  get converter(): ConverterState | null {
    return this.subject.converter;
  }

  get disks(): readonly DiskFacts[] {
    return this.shared.watch.disks.facts;
  }

  get cluster(): ClusterFacts | null {
    return clusterFacts(this.subject.cluster);
  }

  get edges(): readonly EdgeFacts[] {
    return edgeFacts(this.subject.edges.all, this.subject.mounts.all);
  }

  get recordings(): readonly RecordingFacts[] {
    return recordingFacts(this.subject.recordings, this.shared.wallMs);
  }

  get certificate(): CertificateFacts | null {
    const { current, trouble } = this.subject.certificates;
    return current === null ? null : { endMs: current.endMs, trouble };
  }

  get sources(): Readonly<Record<string, number>> {
    return this.subject.ingest.counts;
  }

  get failedLogins(): number {
    return this.subject.admission.failedRequests;
  }

  get lateness() {
    return this.subject.pump.lateness;
  }

  get lately(): LatelyFacts {
    return this.shared.watch.lately();
  }

  get counters(): StationCounters {
    const { admission, log, pump, descriptors } = this.subject;
    return {
      failedLogins: admission.failed,
      refused: admission.refused,
      logLines: log.tail.counts,
      eventLoopLag: pump.lag,
      turns: pump.turns,
      process: processFacts(descriptors),
    };
  }

  get mounts(): readonly [MountFacts, ...MountFacts[]] {
    const [first, ...others] = this.subject.mounts.all;
    return [this.#node(first), ...others.map((parts) => this.#node(parts))];
  }

  mount(path: string): MountFacts | undefined {
    const parts = this.subject.mounts.find(path);
    return parts === undefined ? undefined : this.#node(parts);
  }

  listeners(from: number, limit: number): ListenerFacts[] {
    const some: ListenerFacts[] = [];
    let passed = 0;
    for (const mount of this.mounts) {
      if (some.length >= limit) break;
      const first = Math.max(0, from - passed);
      if (first < mount.listenersHere) some.push(...mount.some(first, limit - some.length));
      passed += mount.listenersHere;
    }
    return some;
  }

  #node(parts: MountParts): MountFacts {
    const node = this.#nodes.get(parts) ?? new MountNode(parts, this.shared);
    this.#nodes.set(parts, node);
    return node;
  }
}

function processFacts(descriptors: Descriptors): ProcessFacts {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    openDescriptors: descriptors.used,
    maxDescriptors: descriptors.limit,
  };
}

/** Names per warning; the log lists all of them with reasons. */
const MAX_NAMES = 5;

function skippedWarnings({ mount }: MountParts): string[] {
  const skipped = [...(mount.player?.tracks.reasons.keys() ?? [])];
  if (skipped.length === 0) return [];
  const more = skipped.length > MAX_NAMES ? `, and ${skipped.length - MAX_NAMES} more` : "";
  const names = skipped.slice(0, MAX_NAMES).join(", ");
  return [`The playlist of ${mount.path} skips ${names}${more}: the log says why.`];
}
