// The relays of all mounts: inputs that come and go with the configuration, and the rounds in which they do what is due.
import type { Config } from "./config/config.ts";
import { sameSetting } from "./config/diff.ts";
import { dial } from "./dial/dial.ts";
import type { Disks } from "./disk/disks.ts";
import { textReader } from "./disk/text-file.ts";
import { RelayInput, type RelaySettings } from "./input/relay/relay-input.ts";
import type { RelayStation } from "./input/relay/relay-station.ts";
import type { Clock } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import type { Rounds } from "./lib/rounds.ts";
import { Turn } from "./lib/turn.ts";
import type { MountParts, Mounts } from "./mounts.ts";

/** Nothing is pulled. */
const IDLE_MS = 60_000;

const MAX_CA_BYTES = 1 << 20;

/** A station, as far as its relays know it. */
export interface RelayHost {
  readonly events: { on(event: "config", handler: (config: Config) => void): Disposable };
  readonly mounts: Mounts;
  readonly rounds: Rounds;
}

export function relayStation(clock: Clock, disks: Disks, log: Log): RelayStation {
  const read = textReader(disks, "the certificates", MAX_CA_BYTES, log);
  const readText = async (path: string) => (await read(path, null)).text;
  return { dial, clock, turn: new Turn(clock), random: Math.random, readText };
}

export class Relays {
  #inputs: readonly { readonly input: RelayInput; readonly settings: RelaySettings }[] = [];
  /** Called by close(). */
  onClose: () => void = () => undefined;
  /** Relays of a mount beside the configured ones. */
  further: (path: string) => readonly RelaySettings[] = () => [];
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
    return [...relay, ...this.further(path)].map((settings) => {
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
    mount.attach(input);
    return input;
  }

  #remove(input: RelayInput): void {
    input.close();
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
