// <mount>/hls/…: the playlists and segments of a mount, which come and go with it.
import { codecLabel } from "../../format/frame.ts";
import type { HlsStream } from "../../hls/hls-stream.ts";
import type { MediaPlaylist } from "../../hls/media-playlist.ts";
import { multivariantText } from "../../hls/playlist-text.ts";
import { type Alternative, variantsOf } from "../../hls/variants.ts";
import { type PastList, pastNameIn } from "../../hls/past-text.ts";
import { when } from "../../lib/when.ts";
import type { Station } from "../../station/station.ts";
import { redirect } from "../../output/stream-answer.ts";
import { isSecure, targetOf } from "../remote.ts";
import { MirroredHls } from "./mirrored-hls.ts";
import { FOLDER, folderFrom } from "./other-folder.ts";
import { PastFiles } from "./past-files.ts";
import { RecentFiles } from "./recent-files.ts";
import { FileBody, PlaylistBody, sorry, unchangedFile } from "./hls-response.ts";
import { fileNamed, type NamedFile, playlistHinting } from "./named-file.ts";
import { type AskedFile, AskedFiles } from "./asked-file.ts";
import { HlsVisit } from "./hls-visit.ts";
import type { SessionGate } from "./session-gate.ts";
import { type Ask, askedReload, isReached } from "./reload-query.ts";

type Answer = Response | Promise<Response>;

const INDEX = "index.m3u8";
const PAST = "past.m3u8";

/** A client that waits longer than this many target durations is sent away, and before its connection counts as idle. */
const PATIENCE = 3;
const MOST_PATIENCE_MS = 25_000;

/** Before a source is back, what stands in for it may have another codec. */
const MOST_CODECS = 2;

export class HlsRoutes {
  readonly #bodies = new WeakMap<MediaPlaylist, PlaylistBody>();
  readonly #recent = new RecentFiles<FileBody>();
  readonly #asked = new AskedFiles();
  readonly #past: PastFiles;
  readonly #mirrored: MirroredHls;

  constructor(
    private readonly station: Station,
    private readonly gate: SessionGate,
  ) {
    this.#past = new PastFiles(station);
    this.#mirrored = new MirroredHls(station, gate);
  }

  /** null: the path is none of HLS. */
  answer(request: Request): Answer | null {
    const { url, method } = request;
    if (!url.includes(FOLDER) || (method !== "GET" && method !== "HEAD")) return null;
    const file = this.#asked.of(url);
    const parts = file === null ? undefined : this.station.parts(file.mount);
    if (file === null || parts === undefined) return null;
    const isMount = file.whole !== null && this.station.parts(file.whole) !== undefined;
    return isMount ? null : this.#find(file, new HlsVisit(request, parts));
  }

  #find(file: AskedFile, visit: HlsVisit): Answer {
    const { isOn, mount } = visit.parts.hls;
    if (!isOn) return sorry(404, `${mount.path} has no HLS: hls.enabled is false.`);
    if (file.name !== INDEX) return this.#here(file, visit);
    return this.#edgeOr(visit, () => this.#fallback(visit) ?? this.#here(file, visit));
  }

  #here(file: AskedFile, visit: HlsVisit): Answer {
    if (!this.#mirrored.has(file.name, visit)) return this.#own(file, visit);
    return this.#mirrored.answer(file, visit, () => this.#own(file, visit));
  }

  /** A new player of a mount that is full may have another; null: this one. */
  #fallback({ request, parts }: HlsVisit): Response | null {
    const { audience, mount } = parts;
    if (audience.hasRoom) return null;
    const { path } = this.station.fallbacks.heard(audience).audience.mount;
    const hasHls = this.station.parts(path)?.hls.isOn === true;
    if (path === mount.path || !hasHls) return null;
    const [, query] = targetOf(request).split("?", 2);
    const asked = query === undefined ? "" : `?${query}`;
    return redirect(`${folderFrom(mount.path, path)}${INDEX}${asked}`);
  }

  #own(file: AskedFile, visit: HlsVisit): Answer {
    visit.parts.hls.asked();
    if (file.name === INDEX) return this.#multivariant(visit);
    if (file.name === PAST) return this.#pastPlaylist(visit);
    if (file.list !== null) return this.#media(visit, file.list);
    return this.#file(file, visit) ?? sorry(404, "This segment is not available (any more).");
  }

  /** A new player is sent on to an edge, as a listener of the stream would be. */
  #edgeOr(visit: HlsVisit, here: () => Answer): Answer {
    const { request, parts } = visit;
    const { edges } = this.station;
    if (edges.all.length === 0) return here();
    return when(this.gate.isAdmitted(visit), (isAdmitted) => {
      const { method, headers } = request;
      const asked = { method, headers, target: targetOf(request) };
      const { path } = parts.mount;
      const at = isAdmitted ? edges.hlsAddressFor(asked, path, isSecure(request)) : null;
      return at === null ? here() : redirect(at);
    });
  }

  #multivariant(visit: HlsVisit): Answer {
    const codec = unsupported(visit.parts.hls);
    if (codec !== null) return sorry(404, codec);
    return begun(visit).then((hasBegun) => {
      if (!hasBegun) return sorry(503, "There is no segment yet.");
      const variants = variantsOf(this.#alternatives(visit));
      const query = this.gate.query(visit);
      const body = new PlaylistBody(multivariantText(variants, query), query !== "");
      return body.answer(visit.request);
    });
  }

  /** The mount, and the others of its group that everybody may hear. */
  #alternatives({ parts: { mount, hls } }: HlsVisit): Alternative[] {
    const { all, admission } = this.station;
    const { group } = mount.config;
    const others = all.filter(
      (parts) =>
        group !== "" &&
        parts.mount !== mount &&
        parts.mount.config.group === group &&
        admission.isOpen(parts.mount.path),
    );
    const found = others.map((parts) => ({
      stream: parts.hls,
      uri: folderFrom(mount.path, parts.mount.path),
    }));
    return [{ stream: hls, uri: "" }, ...found];
  }

  #media(visit: HlsVisit, name: string): Answer {
    const { hls } = visit.parts;
    const playlist = hls.playlistNamed(name);
    const why = playlist === null ? unsupported(hls) : null;
    if (why !== null || (playlist === null && !hls.isComing)) return sorry(404, why ?? NO_LIST);
    const refusal = this.gate.poll(visit);
    // A closure for each of these, the most frequent requests, is worth avoiding.
    if (refusal === null) return this.#letIn(visit, playlist, name);
    return when(refusal, (answer) => answer ?? this.#letIn(visit, playlist, name));
  }

  #letIn(visit: HlsVisit, playlist: MediaPlaylist | null, name: string): Answer {
    if (playlist === null) return this.#coming(visit, name);
    if (!visit.request.url.includes("_HLS")) return this.#sent(visit, playlist);
    const ask = askedReload(visit.query, playlist.progress);
    return typeof ask === "string" ? sorry(400, ask) : this.#current(visit, playlist, ask);
  }

  /** A player that was here before a restart asks for a playlist that has no segment yet. */
  async #coming(visit: HlsVisit, name: string): Promise<Response> {
    const { hls } = visit.parts;
    for (let i = 0; i < MOST_CODECS; i++) {
      await hls.beginning.wait(() => true, MOST_PATIENCE_MS, visit.request.signal);
      const playlist = hls.playlistNamed(name);
      if (playlist !== null) return this.#sent(visit, playlist);
    }
    return sorry(503, "There is no segment yet.");
  }

  #pastPlaylist(visit: HlsVisit): Answer {
    const { request, parts, query } = visit;
    return when(this.gate.poll(visit), (refusal) => {
      if (refusal !== null) return refusal;
      return this.#past.playlist(request, parts.mount, query, (list, nowMs) =>
        this.#growing(visit, list, nowMs),
      );
    });
  }

  /** One who hears the past from a moment on is a listener behind the others. */
  #growing(visit: HlsVisit, { listed, targetSeconds }: PastList, nowMs: number): void {
    const zeroMs = nowMs - visit.parts.mount.writtenSeconds * 1000;
    const segments = listed.map(({ atMs, ...one }) => ({
      ...one,
      fromSeconds: (atMs - zeroMs) / 1000,
    }));
    this.gate.listed(visit, segments, targetSeconds);
  }

  #current(visit: HlsVisit, playlist: MediaPlaylist, ask: Ask): Answer {
    const isThere = () => isReached(ask, playlist.progress);
    // When too many wait, it is better to ask again than to be sent away.
    if (isThere() || playlist.isEnded || playlist.waiting.isFull)
      return this.#sent(visit, playlist);
    const { signal } = visit.request;
    return playlist.waiting
      .wait(isThere, patienceMs(playlist), signal)
      .then((isThere) =>
        isThere ? this.#sent(visit, playlist) : sorry(503, "The segment has not come in time."),
      );
  }

  #file(file: AskedFile, visit: HlsVisit): Answer | null {
    const refusal = this.gate.file(visit);
    if (refusal !== null) return refusal;
    const hinting = playlistHinting(file.name, visit.parts.hls);
    if (hinting === null) return this.#present(file, visit);
    const isOver = () => playlistHinting(file.name, visit.parts.hls) === null;
    return hinting.waiting
      .wait(isOver, patienceMs(hinting), visit.request.signal)
      .then(() => this.#present(file, visit) ?? sorry(404, "This part has not come."));
  }

  #present(file: AskedFile, visit: HlsVisit): Answer | null {
    const { request, parts } = visit;
    const { name, media } = file;
    const found = media === null ? null : fileNamed(media, parts.hls);
    if (found === null) return this.#pastSegment(file, visit);
    const unchanged = unchangedFile(request, name);
    if (unchanged !== null) return unchanged;
    const body = this.#recent.get(file.key, () => bodyOf(name, found));
    if (body !== null && request.method === "GET") this.gate.fileSent(visit, file, body.size);
    return body?.answer(request) ?? null;
  }

  #pastSegment(file: AskedFile, visit: HlsVisit): Answer | null {
    const { request, parts } = visit;
    const { name } = file;
    const answer = this.#past.segment(request, parts.mount, name);
    if (answer === null) return null;
    return answer.then((response) => {
      const isSent = response.status === 200 && request.method === "GET";
      if (isSent) this.gate.fileSent(visit, file, pastNameIn(name)?.bytes ?? 0);
      return response;
    });
  }

  #sent(visit: HlsVisit, playlist: MediaPlaylist): Response {
    this.gate.sent(visit, playlist);
    return this.#bodyOf(playlist).answer(visit.request);
  }

  #bodyOf(playlist: MediaPlaylist): PlaylistBody {
    const { offered: text } = playlist;
    const before = this.#bodies.get(playlist);
    if (before?.text === text) return before;
    const body = new PlaylistBody(text);
    this.#bodies.set(playlist, body);
    return body;
  }
}

const NO_LIST = "There is no such playlist (any more).";

/** A sentence if the mount plays a codec that has no HLS; else null. */
function unsupported({ mount, isUnsupported }: HlsStream): string | null {
  const { sounding } = mount;
  if (!isUnsupported || sounding === null) return null;
  return `${mount.path} plays ${codecLabel(sounding.codec)}, for which there is no HLS.`;
}

/** Whether there is a segment, now or soon. */
async function begun({ parts: { hls }, request }: HlsVisit): Promise<boolean> {
  return (
    hls.playlist !== null ||
    (await hls.beginning.wait(() => true, MOST_PATIENCE_MS, request.signal))
  );
}

function bodyOf(name: string, { contentType, bytes }: NamedFile): FileBody | null {
  const file = bytes();
  return file === null ? null : new FileBody(name, contentType, new Blob([file]));
}

/** How long a client may wait for the playlist, or for a part that it hints. */
function patienceMs({ facts }: MediaPlaylist): number {
  return Math.min(MOST_PATIENCE_MS, PATIENCE * facts.targetSeconds * 1000);
}
