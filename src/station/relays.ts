// The relays of all mounts: inputs that come and go with the configuration, and the rounds in which they do what is due.
import type { Membership } from "../access/membership.ts";
import type { Config } from "../config/config.ts";
import { sameSetting } from "../config/diff.ts";
import { dial } from "../dial/dial.ts";
import type { Disks } from "../disk/disks.ts";
import { textReader } from "../disk/text-file.ts";
import { RelayInput, type RelaySettings } from "../input/relay/relay-input.ts";
import type { RelayStation } from "../input/relay/relay-station.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import { Turn } from "../lib/turn.ts";
import type { Mount } from "../mount/mount.ts";
import type { MountParts, Mounts } from "../assembly/mounts.ts";

/** Nothing is pulled. */
const IDLE_MS = 60_000;

const MAX_CA_BYTES = 1 << 20;

/** A station, as far as its relays know it. */
export interface RelayHost {
  readonly events: { on(event: "config", handler: (config: Config) => void): Disposable };
  readonly mounts: Mounts;
  readonly rounds: Rounds;
}

export function relayStation(
  clock: Clock,
  disks: Disks,
  log: Log,
  membership: Membership,
): RelayStation {
  const read = textReader(disks, "the certificates", MAX_CA_BYTES, log);
  const readText = async (path: string) => (await read(path, null)).text;
  const proof = (target: string) => membership.lines(target);
  return { dial, clock, proof, turn: new Turn(clock), random: Math.random, readText };
}

/** Edges of a standby hear its own programme behind that of the leader, in one stream. */
function goOn({ events, positions, ring }: Mount): void {
  events.on("frames", ({ input, frames }) => {
    const { head } = ring;
    if (input.relay === undefined) positions.wrote(head - frames.bytes.length, head);
  });
}

export class Relays {
  #inputs: readonly { readonly input: RelayInput; readonly settings: RelaySettings }[] = [];
  /** Relays of a mount beside the configured ones. */
  readonly further: ((path: string) => readonly RelaySettings[])[] = [];
  /** Called by close(). */
  onClose: () => void = () => undefined;
  #endRounds: () => void = () => undefined;

  /** Follows the station's configuration. */
  constructor(
    private readonly host: RelayHost,
    readonly station: RelayStation,
  ) {
    this.follow();
    host.events.on("config", () => this.follow());
  }

  /** The relays of all mounts, as their settings are now; those that stay go on playing. */
  follow(): void {
    const before = new Map(this.#inputs.map((kept) => [kept.input, kept]));
    this.#inputs = this.host.mounts.all.flatMap((parts) => this.#followMount(parts, before));
    for (const { input } of before.values()) this.#remove(input);
    this.#endRounds();
    this.#endRounds = this.host.rounds.add((nowMs) => this.#round(nowMs));
  }

  /** Takes what it keeps out of `before`. */
  #followMount(parts: MountParts, before: Map<RelayInput, { settings: RelaySettings }>) {
    const { relay, path } = parts.mount.config;
    return [...relay, ...this.further.flatMap((more) => more(path))].map((settings) => {
      const input = this.#keep(parts, settings, before) ?? this.#add(parts, settings);
      return { input, settings };
    });
  }

  #keep(
    parts: MountParts,
    settings: RelaySettings,
    before: Map<RelayInput, { settings: RelaySettings }>,
  ) {
    const found = [...before].find(
      ([input]) => input.mount === parts.mount && input.label === settings.label,
    );
    if (found === undefined) return null;
    const [input, { settings: was }] = found;
    before.delete(input);
    if (!sameSetting(was, settings)) input.configure(settings);
    return input;
  }

  #add({ mount, audience }: MountParts, settings: RelaySettings): RelayInput {
    const input = new RelayInput(mount, settings, this.station, () => audience.count);
    if (settings.holdMs !== undefined) mount.pull = input;
    if (settings.graceMs !== undefined) goOn(mount);
    mount.attach(input);
    return input;
  }

  #remove(input: RelayInput): void {
    input.close();
    if (input.mount.pull === input) input.mount.pull = null;
    const isThere = this.host.mounts.find(input.mount.path)?.mount === input.mount;
    if (isThere) input.mount.detach(input, this.station.clock.nowMs());
  }

  /** Nothing begins any more; the inputs are closed with their mounts. */
  close(): void {
    this.#endRounds();
    this.onClose();
  }

  #round(nowMs: number): number {
    return Math.min(IDLE_MS, ...this.#inputs.map(({ input }) => input.round(nowMs)));
  }
}
