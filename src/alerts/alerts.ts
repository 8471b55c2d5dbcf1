// Looks at the station every few seconds, and sends its web hooks what has begun and what is over.
import { randomUUID } from "node:crypto";
import type { AlertEvent } from "../config/alert-keys.ts";
import type { StationFacts } from "../facts/facts.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { Alarm } from "./alarm.ts";
import { Conditions } from "./conditions.ts";
import { Hook, type HookConfig, type HookKind } from "../hooks/hook.ts";
import { sendAnywhere } from "../hooks/request.ts";
import { signedHeaders } from "../hooks/signature.ts";
import { alertMessage } from "./message.ts";

export const LOOK_MS = 5000;

export interface AlertConfig extends HookConfig {
  readonly events: readonly AlertEvent[];
}

/** The address is the operator's own, so it may be one of a private network. */
const ALERT: HookKind<HookConfig> = {
  block: "alert",
  request: (message, { url, secret }, nowMs) => ({
    url: url.reveal(),
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...signedHeaders(message, secret.reveal(), nowMs),
    },
    body: message.body,
  }),
  send: () => sendAnywhere,
};

export interface Watched {
  readonly facts: () => StationFacts;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly journal?: Journal;
}

interface Receiver {
  readonly hook: Hook;
  events: readonly AlertEvent[];
}

export class Alerts {
  readonly #alarm = new Alarm();
  readonly #conditions = new Conditions();
  readonly #receivers = new Map<string, Receiver>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly watched: Watched) {}

  /** Takes over another list of hooks; what waits for one that stays is kept. `hasReaders`: others want notices too. */
  configure(configs: readonly AlertConfig[], hasReaders = false): void {
    for (const [label, { hook }] of this.#receivers) {
      if (configs.some((config) => config.label === label)) continue;
      hook.close();
      this.#receivers.delete(label);
    }
    for (const config of configs) this.#take(config);
    this.#run(hasReaders || configs.length > 0);
  }

  /** Done every LOOK_MS. `nowMs`: on the station's clock. */
  look(nowMs = this.watched.clock.nowMs()): void {
    const facts = this.watched.facts();
    const wallMs = this.watched.wall.nowMs();
    for (const notice of this.#alarm.update(this.#conditions.now(facts), nowMs)) {
      const { state, event, subject, message: sentence } = notice;
      const trouble = { state, event, subject, message: sentence };
      this.watched.journal?.add({ type: "trouble", atMs: wallMs, ...trouble });
      const dates = { sinceMs: wallMs - (nowMs - notice.sinceMs), nowMs: wallMs };
      const station = facts.mounts[0].stationName;
      const message = alertMessage({ ...notice, ...dates, station }, randomUUID());
      for (const { hook, events } of this.#receivers.values())
        if (events.includes(notice.event)) hook.send(message);
    }
  }

  close(): void {
    this.configure([]);
  }

  #take(config: AlertConfig): void {
    const known = this.#receivers.get(config.label);
    const { log, wall } = this.watched;
    if (known === undefined) {
      const hook = new Hook(config, ALERT, log, { wall });
      this.#receivers.set(config.label, { hook, events: config.events });
    } else {
      known.hook.reconfigure(config);
      known.events = config.events;
    }
  }

  /** Without hooks nothing is looked at. */
  #run(isWanted: boolean): void {
    if (!isWanted) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setInterval(() => this.look(), LOOK_MS).unref();
  }
}
