// <mount>/hls/past.m3u8: what is recorded of a mount as a playlist, and the segments of that, read from the disk.
import { segmentTag } from "../../hls/packed-audio.ts";
import { containerOf } from "../../hls/containers.ts";
import { isPlayable, pastList, type PastList, pastName, pastNameIn } from "../../hls/past-text.ts";
import { SampleTime } from "../../hls/sample-time.ts";
import type { Clock } from "../../lib/clock.ts";
import { NO_METADATA } from "../../mount/metadata.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Recordings } from "../../recording/recordings.ts";
import { askedSpan } from "./asked-span.ts";
import { FileBody, PlaylistBody, sorry, unchangedFile } from "./hls-response.ts";

/** What was on air is on disk by then. */
const SETTLED_MS = 60_000;

/** Requests that wait for a disk at the same time. */
const MAX_READING = 32;

const MAX_BYTES = 4 << 20;

const NOTHING = "Nothing that HLS can play is recorded from there on.";
const BUSY = "The disk of the recordings is busy.";

/** A station as far as it is needed here. */
interface Recorded {
  readonly recordings: Pick<Recordings, "past">;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
}

export class PastFiles {
  #reading = 0;

  constructor(private readonly station: Recorded) {}

  /** The playlist of a span. `onGrowing` gets one that is to be asked for again, as it goes out. */
  playlist(
    request: Request,
    mount: Mount,
    query: URLSearchParams,
    onGrowing: (list: PastList, nowMs: number) => void = () => undefined,
  ): Response | Promise<Response> {
    const past = this.station.recordings.past(mount.path);
    const nowMs = this.station.wall.nowMs();
    const span = askedSpan(query, nowMs);
    if (past === null) return sorry(404, `${mount.path} is not recorded.`);
    if (typeof span === "string") return sorry(400, span);
    if (span.isRelative) return toDates(span.fromMs, span.toMs, query);
    return this.#read(async () => {
      const pieces = await past.pieces([span.fromMs, span.toMs ?? nowMs]);
      const playable = pieces.filter(({ format }) => isPlayable(format));
      if (playable.length === 0) return sorry(404, NOTHING);
      const isOver = span.toMs !== null && span.toMs < nowMs - SETTLED_MS;
      const list = pastList(playable, isOver);
      if (!isOver) onGrowing(list, nowMs);
      return new PlaylistBody(list.text).answer(request);
    });
  }

  /** A segment by its name; null if there is none. */
  segment(request: Request, mount: Mount, text: string): Promise<Response> | null {
    const name = pastNameIn(text);
    const past = this.station.recordings.past(mount.path);
    const file = name && past?.fileOf(name.id);
    if (name === null || past === null || !file || name.bytes > MAX_BYTES) return null;
    const container = containerOf(file.format);
    if (container === null || pastName(name, file.format) !== text) return null;
    return this.#read(async () => {
      const audio = await past.bytes(file, name.byte, name.bytes);
      if (audio.length < name.bytes) return sorry(404, NOTHING);
      const start = new SampleTime(0, name.sample, file.format.sampleRate);
      const titles = await past.titles(file);
      const title = titles.findLast(({ sample }) => sample <= name.sample) ?? NO_METADATA;
      const segment = new Blob([segmentTag(start, title), audio]);
      const body = new FileBody(text, container.contentType, segment);
      return unchangedFile(request, text) ?? body.answer(request);
    });
  }

  async #read(answer: () => Promise<Response>): Promise<Response> {
    if (this.#reading >= MAX_READING) return sorry(503, BUSY);
    this.#reading++;
    try {
      return await answer();
    } catch {
      return sorry(503, BUSY); // the disk has failed, or the file has gone
    } finally {
      this.#reading--;
    }
  }
}

/** A span that was asked for by seconds back stays the same from here on. */
function toDates(fromMs: number, toMs: number | null, query: URLSearchParams): Response {
  const asked = new URLSearchParams(query);
  asked.set("from", new Date(fromMs).toISOString());
  if (toMs !== null) asked.set("to", new Date(toMs).toISOString());
  const location = `past.m3u8?${asked}`;
  const headers = { location, "cache-control": "no-store", "access-control-allow-origin": "*" };
  return new Response(null, { status: 302, headers });
}
