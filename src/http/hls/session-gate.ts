// The gate of HLS: gives players the ids of their sessions, and lets requests for playlists and segments in or refuses them.
import { CLUSTER_HEADER } from "../../access/membership.ts";
import { isForwarded } from "../../access/local.ts";
import { signaturePart } from "../../access/signed-address.ts";
import { httpRefusal, type Verdict } from "../../access/verdict.ts";
import { listenerVisit } from "../../access/visit.ts";
import type { MediaPlaylist } from "../../hls/media-playlist.ts";
import { type MediaSegment, secondsOf, sizeOf } from "../../hls/media-segment.ts";
import { namedBy } from "../../lib/client-origin.ts";
import { when } from "../../lib/when.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { ListenerClient } from "../../output/audience/listener.ts";
import type { ListedSegment } from "../../output/sessions/heard-segments.ts";
import type { HlsSession } from "../../output/sessions/hls-session.ts";
import type { SessionEntry } from "../../output/sessions/hls-sessions.ts";
import type { Poll } from "../../output/sessions/poll.ts";
import { FULL } from "../../output/stream-answer.ts";
import type { Station } from "../../station/station.ts";
import { callerOf, exchangeOf } from "../exchange.ts";
import { type Entered, type HlsVisit, SESSION } from "./hls-visit.ts";
import type { AskedFile } from "./asked-file.ts";
import { isFurtherPart } from "./named-file.ts";
import { folderFrom } from "./other-folder.ts";
import { targetOf } from "../remote.ts";

/** For answers that are one client's. */
const OWN_ANSWER = { "cache-control": "no-store", "access-control-allow-origin": "*" };

const ENDED = "This session was ended by the station.";

type Now<T> = T | Promise<T>;

export class SessionGate {
  constructor(
    private readonly station: Pick<Station, "admission" | "hlsSessions" | "membership" | "parts">,
  ) {}

  /** The query for the media playlists of a multivariant playlist: a new session, and what signed the request. "": the
   * playlists are the same for all, so that caches can have them. */
  query({ query, parts, request }: HlsVisit): string {
    if (!this.#hasSessions(parts) || this.#isMember(request)) return "";
    const signature = signaturePart(query);
    const session = `${SESSION}=${this.station.hlsSessions.ids.mint()}`;
    return signature === "" ? session : `${session}&${signature}`;
  }

  /** A request for a media playlist, before it waits for a segment: null to go on, or the answer in its place. */
  poll(visit: HlsVisit): Now<Response | null> {
    if (!this.#hasSessions(visit.parts) || this.#isMember(visit.request)) return null;
    if (visit.request.method === "HEAD") return this.#probe(visit);
    const { hlsSessions } = this.station;
    const session = this.#settled(visit);
    if (session !== null) return this.#enter(visit, { session, poll: null });
    const poll = pollOf(visit);
    if (poll.id === "") return redirect(visit, hlsSessions.idFor(poll));
    return when(hlsSessions.enter(poll), (entry) => this.#answer(visit, poll, entry));
  }

  /** That of a player that has been here before, which has no need of a search in its query. */
  #settled(visit: HlsVisit): HlsSession | null {
    const [{ hlsSessions }, address] = [this.station, visit.address];
    const { audience } = visit.parts;
    return (
      hlsSessions.settled(visit.givenSession, audience, address) ??
      hlsSessions.settled(visit.session, audience, address)
    );
  }

  /** The playlist as it is now goes out. */
  sent(visit: HlsVisit, { listed, facts }: MediaPlaylist): void {
    if (visit.entered !== null) this.listed(visit, segmentsOf(listed), facts.targetSeconds);
  }

  /** The same for a playlist of these segments. */
  listed({ entered }: HlsVisit, segments: readonly ListedSegment[], targetSeconds: number): void {
    if (entered === null) return;
    this.station.hlsSessions.counted.saw(entered.session, entered.poll, segments, targetSeconds);
  }

  /** A request for a segment. Those of a mount that not everybody may hear go to the addresses of its listeners. null: it
   * may be sent. */
  file({ request, parts: { audience } }: HlsVisit): Response | null {
    const { admission, hlsSessions } = this.station;
    if (admission.isOpen(audience.mount.path) || this.#isMember(request)) return null;
    const { address } = exchangeOf(request);
    return hlsSessions.hasSessionAt(audience, address) ? null : denied({ kind: "challenge" });
  }

  /** A segment goes out. */
  fileSent({ request, parts: { audience } }: HlsVisit, { media }: AskedFile, bytes: number): void {
    const { record, address } = exchangeOf(request);
    const kind = { bytes, isFurtherPart: isFurtherPart(media) };
    this.station.hlsSessions.counted.sent(audience, address, kind);
    record.isSession = this.station.hlsSessions.hasSessionAt(audience, address);
  }

  /** A server of the cluster counts its listeners itself. */
  #isMember(request: Request): boolean {
    if (!this.station.membership.isMember) return false;
    const proof = request.headers.get(CLUSTER_HEADER);
    return proof !== null && this.station.membership.isProven(proof, targetOf(request));
  }

  #hasSessions({ mount }: MountParts): boolean {
    return mount.config.hls.sessions || !this.station.admission.isOpen(mount.path);
  }

  /** Whether the client may listen now; it is not counted. */
  isAdmitted(visit: HlsVisit): Now<boolean> {
    return when(this.#judge(visit), ({ kind }) => kind === "admitted");
  }

  #probe(visit: HlsVisit): Now<Response | null> {
    return when(this.#judge(visit), (verdict) =>
      verdict.kind === "admitted" ? null : denied(verdict),
    );
  }

  /** Counts nobody. */
  #judge({ request, parts: { mount } }: HlsVisit): Now<Verdict> {
    const visit = listenerVisit(mount.path, callerOf(request), targetOf(request));
    return when(
      this.station.admission.admit(visit, () => request.signal),
      (verdict) => {
        if (verdict.kind === "admitted") verdict.session?.left(0, 0);
        return verdict;
      },
    );
  }

  #answer(visit: HlsVisit, poll: Poll, entry: SessionEntry): Response | null {
    if (entry.kind === "elsewhere") return redirect(visit, entry.id);
    if (entry.kind === "moved") return this.#toMount(visit, entry.path, poll.id);
    if (entry.kind === "refused") return denied(entry.verdict);
    if (entry.kind === "ended") return sentence(403, ENDED);
    if (entry.kind === "full") return sentence(503, FULL.trimEnd(), { "retry-after": "60" });
    return this.#enter(visit, { session: entry.session, poll });
  }

  /** To the playlist of another mount, with the same session. */
  #toMount({ parts, query, request }: HlsVisit, path: string, id: string): Response {
    const file = targetOf(request).split("?", 1)[0]?.split("/").at(-1) ?? "";
    const name = this.station.parts(path)?.hls.playlist?.facts.name;
    const own = name === undefined ? file : `${name}.m3u8`;
    const asked = new URLSearchParams(query);
    asked.set(SESSION, id);
    return found(`${folderFrom(parts.mount.path, path)}${own}?${asked}`);
  }

  #enter(visit: HlsVisit, entered: Entered): null {
    exchangeOf(visit.request).record.isSession = true;
    visit.entered = entered;
    return null;
  }
}

const listings = new WeakMap<readonly MediaSegment[], readonly ListedSegment[]>();

/** Of a list that many ask for. */
function segmentsOf(listed: readonly MediaSegment[]): readonly ListedSegment[] {
  const known = listings.get(listed);
  if (known !== undefined) return known;
  const made = listed.map((segment) => {
    const { number: sequence, fromSeconds } = segment;
    return { sequence, fromSeconds, seconds: secondsOf(segment), bytes: sizeOf(segment) };
  });
  listings.set(listed, made);
  return made;
}

function pollOf({ request, parts: { audience }, query, session: id }: HlsVisit): Poll {
  const target = targetOf(request);
  const visit = listenerVisit(audience.mount.path, callerOf(request), target);
  const isCached = namedBy(exchangeOf(request).origin) !== null;
  const client = clientOf(request, target, query);
  return { id, audience, visit, client, isCached, gone: () => request.signal };
}

/** Without its id, which is the player's secret. */
function clientOf(request: Request, target: string, query: URLSearchParams): ListenerClient {
  const { method, headers } = request;
  const { origin, address } = exchangeOf(request);
  const signature = signaturePart(query);
  const path = target.split("?", 1)[0] ?? "";
  return {
    address,
    door: "hls",
    userAgent: headers.get("user-agent") ?? "",
    wantsIcy: false,
    request: `${method} ${path}${signature === "" ? "" : `?${signature}`} -`,
    referer: headers.get("referer") ?? "",
    isForwarded: isForwarded(headers) && namedBy(origin) === null,
  };
}

/** To the same playlist, with an id. */
function redirect({ request, query }: HlsVisit, id: string): Response {
  const path = targetOf(request).split("?", 1)[0] ?? "";
  const asked = new URLSearchParams(query);
  asked.set(SESSION, id);
  return found(`${path.slice(path.lastIndexOf("/") + 1)}?${asked}`);
}

function found(location: string): Response {
  return new Response(null, { status: 302, headers: { ...OWN_ANSWER, location } });
}

function denied(verdict: Verdict): Response {
  const { status, sentence: text, headers } = httpRefusal(verdict);
  return sentence(status, text, headers);
}

function sentence(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
  const all = { ...OWN_ANSWER, ...headers, "content-type": "text/plain; charset=utf-8" };
  return new Response(`${text}\r\n`, { status, headers: all });
}
