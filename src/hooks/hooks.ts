// The station's web hooks: what happens is sent to those that want it. Nothing in the station waits for them.
import { randomUUID } from "node:crypto";
import type { HookEventName, HookFormat } from "../config/hook-keys.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { MountParts, Mounts } from "../assembly/mounts.ts";
import type { HookEvent } from "./event.ts";
import { FORMATS } from "./forms.ts";
import { Happenings } from "./happenings.ts";
import { Hook, type HookConfig, type HookKind } from "./hook.ts";
import type { QueueFile } from "./queue-file.ts";
import { publicSend, sendAnywhere } from "./request.ts";
import type { Message } from "./signature.ts";

const LOOK_MS = 5000;

export interface StationHook extends HookConfig {
  readonly events: readonly HookEventName[];
  readonly format: HookFormat;
  /** Empty: all. */
  readonly mounts: readonly string[];
  readonly allowPrivate: boolean;
}

export interface HookedStation {
  readonly mounts: Mounts;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
}

/** Trouble as alerts find it. */
export interface Trouble {
  readonly event: string;
  readonly subject: string;
  readonly state: "firing" | "resolved";
  readonly message: string;
}

interface Receiver {
  readonly hook: Hook<StationHook>;
  config: StationHook;
}

function isWanted({ event, mount }: HookEvent, { events, mounts }: StationHook): boolean {
  const isOfMount = mounts.length === 0 || mounts.includes(mount);
  return isOfMount && events.includes(event === "played" ? "title" : event);
}

/** An event is kept as its JSON, and written in the receiver's form when it is sent. */
function requestOf(message: Message, { url, secret, format }: StationHook, nowMs: number) {
  const event = JSON.parse(message.body) as HookEvent;
  const sending = { id: message.id, event, url: url.reveal(), secret: secret.reveal(), nowMs };
  return FORMATS[format](sending);
}

export class Hooks {
  readonly #receivers = new Map<string, Receiver>();
  readonly #waiting = new Map<string, readonly Message[]>();
  readonly #watched = new Map<MountParts, Happenings>();
  readonly #send = publicSend();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `file`: null: what waits does not outlast a restart. */
  constructor(
    private readonly station: HookedStation,
    private readonly file: QueueFile | null,
  ) {}

  /** Hooks want to know of trouble. */
  get wantTrouble(): boolean {
    const isTrouble = (event: HookEventName) => event === "silent" || event === "source_lost";
    return [...this.#receivers.values()].some(({ config }) => config.events.some(isTrouble));
  }

  /** Messages that were not taken yet. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Takes over another list of hooks and the mounts that are there now; what waits for a hook that stays is kept. */
  configure(configs: readonly StationHook[]): void {
    for (const [label, { hook }] of this.#receivers) {
      if (configs.some((config) => config.label === label)) continue;
      hook.close();
      this.#receivers.delete(label);
      this.#keep(label, []);
    }
    for (const config of configs) this.#take(config);
    this.#watch(configs.length > 0);
  }

  /** Sends what an earlier run left. Never rejects. */
  async restore(): Promise<void> {
    const queues = (await this.file?.load()) ?? new Map<string, readonly Message[]>();
    for (const [label, messages] of queues) this.#receivers.get(label)?.hook.restore(messages);
  }

  /** What alerts have found. */
  report({ event, subject, state, message }: Trouble): void {
    const name = event === "mount_silent" ? "silent" : event;
    if (name !== "silent" && name !== "source_lost") return;
    for (const [{ mount }, happenings] of this.#watched)
      if (mount.path === subject) happenings.trouble(name, state, message);
  }

  /** Done every LOOK_MS. */
  look(): void {
    for (const happenings of this.#watched.values()) happenings.look();
  }

  /** Keeps what waits, and sends nothing more. Never rejects. */
  async close(): Promise<void> {
    const written = this.file?.flush();
    for (const { hook } of this.#receivers.values()) hook.close();
    this.#watch(false);
    await written;
  }

  #take(config: StationHook): void {
    const known = this.#receivers.get(config.label);
    if (known !== undefined) {
      known.hook.reconfigure(config);
      known.config = config;
      return;
    }
    const { log, wall } = this.station;
    const kind: HookKind<StationHook> = {
      block: "hook",
      request: requestOf,
      send: ({ allowPrivate }) => (allowPrivate ? sendAnywhere : this.#send),
      onWaiting: (waiting) => this.#keep(config.label, waiting),
    };
    this.#receivers.set(config.label, { hook: new Hook(config, kind, log, { wall }), config });
  }

  #keep(label: string, waiting: readonly Message[]): void {
    this.#waiting.set(label, waiting);
    this.file?.save(() => this.#waiting);
  }

  #happened(event: HookEvent): void {
    const wanting = [...this.#receivers.values()].filter(({ config }) => isWanted(event, config));
    if (wanting.length === 0) return;
    const message = { id: randomUUID(), body: JSON.stringify(event) };
    for (const { hook, config } of wanting) {
      // What its form leaves out needs no place in its queue.
      if (requestOf(message, config, 0) !== null) hook.send(message);
    }
  }

  /** Without hooks nothing is watched. */
  #watch(isWanted: boolean): void {
    const { mounts, clock, wall } = this.station;
    const all: readonly MountParts[] = isWanted ? mounts.all : [];
    for (const [parts, happenings] of this.#watched) {
      if (all.includes(parts)) continue;
      happenings[Symbol.dispose]();
      this.#watched.delete(parts);
    }
    for (const parts of all) {
      if (this.#watched.has(parts)) continue;
      const happenings = new Happenings(parts, clock, wall, (event) => this.#happened(event));
      this.#watched.set(parts, happenings);
    }
    clearInterval(this.#timer);
    this.#timer = isWanted ? setInterval(() => this.look(), LOOK_MS).unref() : undefined;
  }
}
