// Who may have a playlist. Segments are open to those who know their names, so that caches can keep them.
import { httpRefusal, type Verdict } from "../../access/verdict.ts";
import { listenerVisit } from "../../access/visit.ts";
import type { MediaPlaylist } from "../../hls/media-playlist.ts";
import { when } from "../../lib/when.ts";
import type { MountParts } from "../../mounts.ts";
import type { Station } from "../../station.ts";
import { callerOf } from "../exchange.ts";
import { targetOf } from "../remote.ts";
import { reply } from "../reply.ts";

/** A request for a playlist of a mount. */
export interface HlsVisit {
  readonly request: Request;
  readonly parts: MountParts;
  /** Of its address. */
  readonly query: URLSearchParams;
}

type Now<T> = T | Promise<T>;

export interface HlsGate {
  /** A request for the multivariant playlist: the query that its media playlists are asked with, "" for none; or an answer
   * in place of the playlist. */
  enter(visit: HlsVisit): Now<string | Response>;
  /** A request for a media playlist, before it waits for a segment: null to go on, or an answer in its place. */
  poll(visit: HlsVisit, playlist: MediaPlaylist): Now<Response | null>;
  /** The playlist as it is now goes out to that visit. */
  sent(visit: HlsVisit, playlist: MediaPlaylist): void;
}

const TEXT = "text/plain;charset=utf-8";

/** Admits each request by itself, as a listener of the stream. */
export class EachRequest implements HlsGate {
  constructor(private readonly station: Pick<Station, "admission">) {}

  enter(visit: HlsVisit): Now<string | Response> {
    return when(this.#admit(visit), (refusal) => refusal ?? "");
  }

  poll(visit: HlsVisit): Now<Response | null> {
    return this.#admit(visit);
  }

  sent(): void {
    // Nothing is counted.
  }

  #admit({ request, parts }: HlsVisit): Now<Response | null> {
    const visit = listenerVisit(parts.mount.path, callerOf(request), targetOf(request));
    return when(
      this.station.admission.admit(visit, () => request.signal),
      refusalOf,
    );
  }
}

function refusalOf(verdict: Verdict): Response | null {
  if (verdict.kind !== "admitted") {
    const { status, sentence, headers } = httpRefusal(verdict);
    const open = { "access-control-allow-origin": "*", "cache-control": "no-store" };
    return reply(`${sentence}\n`, TEXT, status, { ...open, ...headers });
  }
  verdict.session?.left(0, 0);
  return null;
}
