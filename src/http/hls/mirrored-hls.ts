// The HLS of an edge: the playlists and segments of its origin, passed on to players with sessions of this server.
import { FollowedPlaylist } from "../../hls/followed-playlist.ts";
import { readPlaylist } from "../../hls/read-playlist.ts";
import { OriginFiles, type OriginFile } from "../../edges/origin-files.ts";
import { when } from "../../lib/when.ts";
import type { Mount } from "../../mount/mount.ts";
import { LIVE } from "../../output/audience/asked-place.ts";
import { arrival } from "../../output/audience/arrival.ts";
import type { ListedSegment } from "../../output/sessions/heard-segments.ts";
import type { Station } from "../../station/station.ts";
import type { AskedFile } from "./asked-file.ts";
import { FileBody, PlaylistBody, sorry, unchangedFile } from "./hls-response.ts";
import type { HlsVisit } from "./hls-visit.ts";
import { reloadAt } from "./reload-query.ts";
import type { SessionGate } from "./session-gate.ts";

type Answer = Response | Promise<Response>;

const INDEX = "index.m3u8";
const NAMED = /^(?:[a-z0-9]+\.m3u8|[a-z0-9]+-[a-z0-9.-]+)$/;
const AWAY = "The origin of this server cannot be reached at present.";

/** Codecs of a mount. */
const MAX_FOLLOWED = 16;

export class MirroredHls {
  readonly #files = new WeakMap<Mount, OriginFiles>();
  /** By name. */
  readonly #followed = new WeakMap<Mount, Map<string, FollowedPlaylist>>();
  readonly #playlists = new WeakMap<OriginFile, PlaylistBody>();
  readonly #segments = new WeakMap<OriginFile, FileBody>();

  constructor(
    private readonly station: Pick<Station, "membership" | "clock" | "wall">,
    private readonly gate: SessionGate,
  ) {}

  /** False for a file of this server's own. */
  has(name: string, { parts: { mount, hls } }: HlsVisit): boolean {
    if (mount.pull === null || !this.station.membership.isMember) return false;
    return NAMED.test(name) && !hls.hasFile(name);
  }

  /** `own`: the answer of this server's own HLS, which a mount has whose origin has none. */
  answer(file: AskedFile, visit: HlsVisit, own: () => Answer): Answer {
    const { name } = file;
    if (name === INDEX) return this.#index(visit, own);
    return name.endsWith(".m3u8") ? this.#media(name, visit, own) : this.#file(file, visit, own);
  }

  async #index(visit: HlsVisit, own: () => Answer): Promise<Response> {
    const file = await this.#get(INDEX, visit);
    if (file?.status === 404) return own();
    if (file === null || file.text === "") return sorry(503, AWAY);
    const query = this.gate.query(visit);
    const text = query === "" ? file.text : file.text.replaceAll(/^[^#\n].*$/gm, `$&?${query}`);
    return new PlaylistBody(text, query !== "").answer(visit.request);
  }

  async #media(name: string, visit: HlsVisit, own: () => Answer): Promise<Response> {
    const known = this.#filesOf(visit).latest(name) ?? (await this.#get(name, visit));
    if (known?.status === 404) return own();
    if (known === null || known.text === "") return sorry(503, AWAY);
    return when(this.gate.poll(visit), (refusal) => refusal ?? this.#current(name, visit));
  }

  async #current(name: string, visit: HlsVisit): Promise<Response> {
    const followed = this.#followedBy(name, visit);
    const { offset } = followed;
    let file = await this.#get(name, visit, reloadAt(visit.query, offset));
    // The number may be one of the origin before.
    const isRefused = file?.status === 400;
    if (isRefused) file = await this.#get(name, visit);
    if (file === null || file.text === "") return sorry(503, AWAY);
    const body = this.#playlists.get(file) ?? this.#bodyOf(file, followed, visit);
    this.#playlists.set(file, body);
    if (isRefused && followed.offset === offset)
      return sorry(400, "The origin has no such segment to wait for.");
    const { targetSeconds, segments } = readPlaylist(body.text);
    this.gate.listed(visit, this.#placed(segments, visit), targetSeconds);
    return body.answer(visit.request);
  }

  #bodyOf(file: OriginFile, followed: FollowedPlaylist, visit: HlsVisit): PlaylistBody {
    const isCurrent = this.#filesOf(visit).isCurrent(file);
    return new PlaylistBody(followed.take(file.text, file.from, isCurrent));
  }

  #followedBy(name: string, { parts: { mount } }: HlsVisit): FollowedPlaylist {
    const all = this.#followed.get(mount) ?? new Map<string, FollowedPlaylist>();
    this.#followed.set(mount, all);
    const followed = all.get(name) ?? new FollowedPlaylist();
    if (all.size < MAX_FOLLOWED) all.set(name, followed);
    return followed;
  }

  /** On the timeline of the mount here, by their dates. */
  #placed(
    segments: ReturnType<typeof readPlaylist>["segments"],
    { parts: { mount } }: HlsVisit,
  ): ListedSegment[] {
    const nowMs = this.station.wall.nowMs();
    const bytesPerSecond = ((mount.onAir?.bitrate ?? 0) * 1000) / 8;
    return segments.map(({ sequence, seconds, wallMs }) => ({
      sequence,
      seconds,
      bytes: Math.round(seconds * bytesPerSecond),
      fromSeconds: Math.max(0, mount.writtenSeconds - (nowMs - wallMs) / 1000),
    }));
  }

  #file(asked: AskedFile, visit: HlsVisit, own: () => Answer): Answer {
    const { name } = asked;
    const refusal = this.gate.file(visit);
    if (refusal !== null) return refusal;
    return this.#get(name, visit).then((file) => {
      if (file?.status === 404) return own();
      if (file === null || file.status !== 200) return sorry(503, AWAY);
      return unchangedFile(visit.request, name) ?? this.#segment(asked, visit, file);
    });
  }

  #segment(asked: AskedFile, visit: HlsVisit, file: OriginFile): Response {
    const { name } = asked;
    const body = this.#segments.get(file) ?? new FileBody(name, file.contentType, file.body);
    this.#segments.set(file, body);
    if (visit.request.method === "GET") this.gate.fileSent(visit, asked, body.size);
    return body.answer(visit.request);
  }

  /** Which origin that is shows when its stream arrives. */
  async #get(name: string, visit: HlsVisit, query = ""): Promise<OriginFile | null> {
    const files = this.#filesOf(visit);
    const file = await files.get(name, query);
    if (file !== null && file.status < 500) return file;
    await arrival(visit.parts.audience, LIVE);
    return files.get(name, query);
  }

  #filesOf({ parts: { mount } }: HlsVisit): OriginFiles {
    const known = this.#files.get(mount);
    if (known !== undefined) return known;
    const { membership, clock } = this.station;
    const files = new OriginFiles({
      folder: () => {
        const master = mount.pull?.master ?? null;
        return master && { ...master, href: `${master.href.split("?", 1)[0]}/hls/` };
      },
      lines: (target) => membership.lines(target),
      clock,
      fetch: (url, init) => fetch(url, init),
    });
    this.#files.set(mount, files);
    return files;
  }
}
