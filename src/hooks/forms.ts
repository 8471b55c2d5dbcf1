// Pure: an event as each receiver wants it.
import type { HookFormat } from "../config/hook-keys.ts";
import { titleLine } from "../lib/titled.ts";
import { type HookEvent, type HookTrack, sentenceOf } from "./event.ts";
import type { HookRequest } from "./request.ts";
import { signedHeaders } from "./signature.ts";

export interface Sending {
  readonly id: string;
  readonly event: HookEvent;
  /** As configured. */
  readonly url: string;
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** null: this receiver does not want it. */
type Format = (sending: Sending) => HookRequest | null;

const JSON_TYPE = { "content-type": "application/json" };

/** The most that each receiver takes, in characters. */
const MAX_DISCORD = 2000;
const MAX_TELEGRAM = 4000;
const MAX_MASTODON = 480;

/** A listener's diary has what was heard for half of its length, or for so long. */
const DIARY_SECONDS = 240;
const DIARY_SHARE = 0.5;

/** What Discord takes for formatting. */
const MARKS = /[\\\u0060*_~|<>[\]()#:/-]/g;

function post(url: string, body: object, headers: Record<string, string> = {}): HookRequest {
  return { url, method: "POST", headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** An address without a path gets the receiver's usual one. */
function at(url: string, path: string): URL {
  const target = new URL(url);
  if (target.pathname === "/") target.pathname = path;
  return target;
}

function cut(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join("")}…`;
}

function trackOf({ artist, title, album, seconds, startedMs }: HookTrack) {
  const started_at = new Date(startedMs).toISOString();
  return { artist, title, album, duration_seconds: seconds, started_at };
}

/** Signed; `text` is what Slack and Mattermost show. */
const json: Format = ({ id, event, url, secret, nowMs }) => {
  if (event.event === "played") return null;
  const { event: name, state, station, mount, dj, listeners, track, atMs } = event;
  const body = JSON.stringify({
    ...{ id, event: name, state, station, mount, time: new Date(atMs).toISOString() },
    ...{ dj, listeners, track: track === null ? null : trackOf(track) },
    text: sentenceOf(event),
  });
  const headers = { ...JSON_TYPE, ...signedHeaders({ id, body }, secret, nowMs) };
  return { url, method: "POST", headers, body };
};

/** Titles come from strangers: they neither mention anybody nor become links or formatting. */
const discord: Format = ({ event, url }) => {
  if (event.event === "played") return null;
  const plain = sentenceOf(event).replace(MARKS, (mark) => `\\${mark}`);
  return post(url, { content: cut(plain, MAX_DISCORD), allowed_mentions: { parse: [] } });
};

/** `url`: with the method sendMessage, and its other fields, such as `chat_id`, in its query. */
const telegram: Format = ({ event, url }) => {
  if (event.event === "played") return null;
  const target = new URL(url);
  const fields = Object.fromEntries(target.searchParams);
  target.search = "";
  const text = cut(sentenceOf(event), MAX_TELEGRAM);
  return post(target.href, { ...fields, text, link_preview_options: { is_disabled: true } });
};

const mastodon: Format = ({ id, event, url, secret }) => {
  if (event.event === "played") return null;
  // A title must not mention anybody.
  const status = cut(sentenceOf(event).replaceAll("@", "@\u200b"), MAX_MASTODON);
  return post(
    at(url, "/api/v1/statuses").href,
    { status },
    {
      authorization: `Bearer ${secret}`,
      "idempotency-key": id,
    },
  );
};

/** TuneIn's AIR API. `url`: with partnerId, partnerKey and id in its query. */
const tunein: Format = ({ event: { event, track }, url }) => {
  if (event !== "title" || track === null) return null;
  const target = at(url, "/Playing.ashx");
  for (const name of ["title", "artist", "album"] as const)
    target.searchParams.set(name, track[name]);
  return { url: target.href, method: "GET", headers: {} };
};

function belongsInDiary({ seconds, startedMs }: HookTrack, endedMs: number): boolean {
  const heard = (endedMs - startedMs) / 1000;
  return heard >= Math.min(DIARY_SECONDS, (seconds ?? Number.POSITIVE_INFINITY) * DIARY_SHARE);
}

const listenbrainz: Format = ({ event: { event, track, atMs }, url, secret }) => {
  if (track === null || track.artist === "" || track.title === "") return null;
  const isOver = event === "played";
  if (isOver ? !belongsInDiary(track, atMs) : event !== "title") return null;
  const { artist, title, album, seconds, startedMs } = track;
  const duration_ms = seconds === null ? undefined : Math.round(seconds * 1000);
  const listened_at = isOver ? Math.floor(startedMs / 1000) : undefined;
  const track_metadata = {
    artist_name: artist,
    track_name: title,
    ...(album !== "" && { release_name: album }),
    additional_info: { media_player: "Cycast", submission_client: "Cycast", duration_ms },
  };
  const payload = [{ listened_at, track_metadata }];
  const body = { listen_type: isOver ? "single" : "playing_now", payload };
  return post(at(url, "/1/submit-listens").href, body, { authorization: `Token ${secret}` });
};

export const FORMATS: Readonly<Record<HookFormat, Format>> = {
  json,
  discord,
  telegram,
  mastodon,
  tunein,
  listenbrainz,
};

/** Whether a title has anything to say. */
export function isTitled(track: HookTrack): boolean {
  return titleLine(track) !== "";
}
