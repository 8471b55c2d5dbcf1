// The edges of this server: which of them a new listener goes to, and how many listen there.
import type { Membership } from "../access/membership.ts";
import type { Config } from "../config/config.ts";
import { dial } from "../dial/dial.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import type { Mount } from "../mount/mount.ts";
import { type Asked, askedPlace } from "../output/audience/asked-place.ts";
import type { Audience } from "../output/audience/audience.ts";
import type { StreamRequest } from "../output/stream-answer.ts";
import { chooseEdge } from "./choose-edge.ts";
import { Edge, type Polling } from "./edge.ts";
import { addressAt, mayBeRedirected, mayBeRedirectedByHls, withToken } from "./redirect.ts";
import { AHEAD_BYTES, originPlace, type Span } from "./edge-report.ts";

const ROUND_MS = 250;
const IDLE_MS = 60_000;

/** An edge's oldest audio goes while a listener is on its way, and its clock may differ. */
const MARGIN_SECONDS = 5;

export interface EdgesHost {
  readonly clock: Clock;
  readonly config: Config;
  readonly log: Log;
  readonly membership: Membership;
  readonly events: { on(event: "config", handler: () => void): Disposable };
  readonly rounds: Rounds;
}

/** What a listener asks for. */
export interface Wanted {
  readonly path: string;
  /** It came by TLS. */
  readonly isSecure: boolean;
  /** Where it goes on, as an edge may say it in a token; null: at the live audio. */
  readonly resumed: Resumed | null;
  /** So many seconds behind the newest audio; absent for the live audio. */
  readonly backSeconds?: number;
  /** The playlists of the mount, not its stream. */
  readonly isHls?: boolean;
}

export interface Resumed {
  /** The run of the ring that it heard before. */
  readonly from: string;
  /** The next byte, in the ring of an origin. */
  readonly run: string;
  readonly position: number;
}

export class Edges {
  #all: readonly Edge[] = [];
  #endRounds: () => void = () => undefined;

  constructor(
    private readonly host: EdgesHost,
    private readonly polling = pollingOf(host),
  ) {
    this.#follow();
    host.events.on("config", () => this.#follow());
  }

  /** User agents that are served here. */
  get #served(): readonly string[] {
    return this.host.config.cluster.noRedirect;
  }

  /** The address that a listener is sent to, admitted as it is; null: it is served here. */
  addressFor(request: StreamRequest, audience: Audience, isSecure: boolean): string | null {
    if (this.#all.length === 0 || !mayBeRedirected(request, this.#served)) return null;
    const asked = askedPlace(request.target);
    const going = audience.tickets.goingOn(asked);
    const resumed = going === null ? null : { from: going.from, ...going.next };
    const backSeconds = secondsBack(asked, audience.mount.rewind);
    if (backSeconds === null) return null;
    const { path } = audience.mount;
    const edge = this.take({ path, isSecure, resumed, backSeconds });
    return edge === null ? null : addressAt(edge.url, path, request.target);
  }

  /** The address of the multivariant playlist that an admitted player is sent to; null: it gets that of this server. */
  hlsAddressFor(
    request: Pick<StreamRequest, "method" | "target" | "headers">,
    path: string,
    isSecure: boolean,
  ): string | null {
    if (this.#all.length === 0 || !mayBeRedirectedByHls(request, this.#served)) return null;
    const edge = this.take({ path, isSecure, resumed: null, isHls: true });
    return edge && addressAt(edge.url, `${path}/hls/index.m3u8`, request.target);
  }

  /** Its edge may have begun to play something else meanwhile, such as the next run of its origin: then the listener goes on
   * there. */
  readdressed<R extends StreamRequest>(request: R, { mount, tickets }: Audience): R {
    if (this.#all.length === 0) return request;
    const asked = askedPlace(request.target);
    const going = tickets.goingOn(asked);
    if (going === null || asked.kind !== "resume") return request;
    const { path } = mount;
    const spans = this.#all.flatMap((edge) => edge.ring(path, going.from)?.spans ?? []);
    const next = originPlace(spans, going.local);
    if (next === null || next.run === going.next.run) return request;
    const token = tickets.readdressed(asked, next);
    return { ...request, target: withToken(request.target, token) };
  }

  get all(): readonly Edge[] {
    return this.#all;
  }

  /** Those who listen to a mount at edges. */
  listenersOf(path: string): number {
    let sum = 0;
    for (const edge of this.#all) sum += edge.mount(path)?.listeners ?? 0;
    return sum;
  }

  /** The edge for a new listener, who is counted as on its way; null: it is served here. */
  take(wanted: Wanted): Edge | null {
    if (this.#all.length === 0) return null;
    this.#doubt(wanted);
    const scheme = wanted.isSecure ? "https:" : "http:";
    const fit = this.#all.filter(
      (edge) => edge.url.startsWith(scheme) && edge.serves(wanted.path) && holds(edge, wanted),
    );
    // It comes back because of something there.
    const others = fit.filter((edge) => !isFrom(edge, wanted));
    const chosen = chooseEdge(others) ?? chooseEdge(fit);
    chosen?.sent();
    return chosen;
  }

  close(): void {
    this.#endRounds();
    for (const edge of this.#all) edge.close();
  }

  /** A listener that comes back may be the first to know that its edge has failed. */
  #doubt(wanted: Wanted): void {
    if (wanted.resumed === null) return;
    for (const edge of this.#all) if (isFrom(edge, wanted)) edge.doubt();
  }

  /** Edges that stay keep what is known of them. */
  #follow(): void {
    const before = new Map(this.#all.map((edge) => [edge.url, edge]));
    this.#all = this.host.config.cluster.edges.map((address) => {
      const edge = before.get(address.url) ?? new Edge(address, this.polling);
      before.delete(address.url);
      edge.address = address;
      return edge;
    });
    for (const edge of before.values()) edge.close();
    this.#endRounds();
    this.#endRounds = this.host.rounds.add((nowMs) => this.#round(nowMs));
  }

  #round(nowMs: number): number {
    for (const edge of this.#all) edge.round(nowMs);
    return this.#all.length === 0 ? IDLE_MS : ROUND_MS;
  }
}

function pollingOf({ clock, log, membership }: EdgesHost): Polling {
  const lines = (target: string) => membership.lines(target);
  return { dial, log, now: () => clock.nowMs(), lines, self: membership.node };
}

function isFrom(edge: Edge, { path, resumed }: Wanted): boolean {
  return resumed !== null && edge.mount(path)?.run === resumed.from;
}

/** An edge that plays nothing yet begins where the listener goes on; one that plays must hold that already, or get it
 * soon. */
function holds(edge: Edge, { path, resumed, isHls = false, backSeconds = 0 }: Wanted): boolean {
  const mount = edge.mount(path);
  if (isHls) return mount?.hasHls === true;
  if (backSeconds > 0) return (mount?.reachSeconds ?? 0) >= backSeconds + MARGIN_SECONDS;
  if (resumed === null || mount === null || mount.isIdle) return true;
  return mount.spans.some((span) => covers(span, resumed));
}

/** 0 for the live audio; null for a time that the ring does not hold. */
function secondsBack(asked: Asked, rewind: Mount["rewind"]): number | null {
  if (asked.kind === "ago") return Math.max(0, asked.seconds);
  if (asked.kind !== "date") return 0;
  const back = rewind.secondsBackTo(asked.wallMs);
  return back === null || back <= 0 ? null : back;
}

function covers({ run, from, to }: Span, resumed: Resumed): boolean {
  const { position } = resumed;
  return run === resumed.run && position >= from && position <= to + AHEAD_BYTES;
}
