// The URL back ends of the mounts: who may listen, and who may be the source.
import type { MountConfig } from "../config/config.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Ruling, Session } from "./ruling.ts";
import type { Decision } from "./verdict.ts";
import type { Visit } from "./visit.ts";
import { BackEnd, type BackEndSettings, type Post } from "./back-end.ts";
import {
  listenerAdd,
  listenerRemove,
  type Listening,
  type ServerName,
  streamAuth,
} from "./url-form.ts";
import type { Reply } from "./url-reply.ts";

/** What a back end knows of a mount. */
interface AskedMount {
  readonly config: Pick<MountConfig, "listeners">;
  readonly listeners: number;
}

type Listeners = MountConfig["listeners"];

export class BackEnds {
  readonly #all = new Map<string, BackEnd>();
  #count = 0;

  constructor(
    private readonly server: () => ServerName,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly post?: Post,
  ) {}

  /** Asks whether somebody may listen, with the credentials if there are any. */
  async askListener(visit: Visit, mount: AskedMount, signal: AbortSignal): Promise<Ruling | false> {
    const { listeners } = mount.config;
    const backEnd = this.#of(`${visit.path}: listeners`, settingsOf(listeners));
    const one = listening(visit, String(++this.#count), mount.listeners);
    const reply = await backEnd.ask(listenerAdd(this.server(), one), signal);
    if (reply === null) return { kind: "unavailable" };
    if (reply.kind === "admit") {
      const session = this.#session(reply, one, backEnd);
      return { kind: "admit", reading: visit.readings[0] ?? null, session };
    }
    return reply.kind === "redirect" ? reply : refusedBy(reply.sentence, visit);
  }

  /** Asks whether the first reading of a source's or a title's credentials is right. */
  async askSource(
    visit: Visit,
    { url, timeout }: MountConfig["stream_auth"],
    signal: AbortSignal,
  ): Promise<Decision> {
    const [reading] = visit.readings;
    if (reading === undefined) return false;
    const settings: BackEndSettings = { url: url.reveal(), timeout, onError: "refuse" };
    const path = reading.path ?? visit.path;
    const { user, password } = reading.credentials;
    const one = { path, address: visit.caller.address, user, password };
    const form = streamAuth(this.server(), { ...one, isTitle: visit.action === "title" });
    const reply = await this.#of(`${path}: stream_auth`, settings).ask(form, signal);
    if (reply === null) throw new Error("the back end of stream_auth does not answer");
    return reply.kind === "admit" && reading;
  }

  #session(reply: Reply & { kind: "admit" }, one: Listening, backEnd: BackEnd): Session {
    return {
      user: reply.user === "" ? one.user : reply.user,
      limitSeconds: reply.timeLimit,
      isRelay: reply.isRelay === true,
      path: reply.mount,
      left: (seconds, bytes) =>
        backEnd.notify(listenerRemove(this.server(), one, { seconds, bytes })),
    };
  }

  /** A changed address is another back end, whose troubles are its own. */
  #of(name: string, settings: BackEndSettings): BackEnd {
    const key = `${name} ${settings.url} ${settings.timeout} ${settings.onError}`;
    const known = this.#all.get(name);
    if (known?.key === key) return known;
    const backEnd = new BackEnd(settings, name, key, this.clock, this.log, this.post);
    this.#all.set(name, backEnd);
    return backEnd;
  }
}

function settingsOf({ url, timeout, onError }: Listeners): BackEndSettings {
  return { url: url.reveal(), timeout, onError };
}

function listening(visit: Visit, client: string, listeners: number): Listening {
  const { path, query = "", caller, readings } = visit;
  const { user = "", password = "" } = readings[0]?.credentials ?? {};
  const { address, headers } = caller;
  const [agent, referer] = ["user-agent", "referer"].map((name) => headers.get(name) ?? "");
  const who = { user, password, address, agent: agent ?? "", referer: referer ?? "" };
  return { client, path, query, ...who, listeners };
}

/** A client without credentials may try with some, unless the back end gives another reason. */
export function refusedBy(sentence: string, { readings }: Pick<Visit, "readings">): Ruling | false {
  if (sentence !== "") return { kind: "forbid", sentence };
  return readings.length === 0 ? { kind: "challenge" } : false;
}
