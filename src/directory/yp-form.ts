// Pure: the YP protocol of dir.xiph.org, as Icecast speaks it: forms that are posted, and headers that answer.

/** A stream as a directory lists it. */
export interface Stream {
  readonly name: string;
  readonly genre: string;
  readonly description: string;
  /** Its home page. */
  readonly url: string;
  readonly listenUrl: string;
  readonly contentType: string;
  /** The codec in a container, as "Vorbis"; "" without one. */
  readonly subtype: string;
  /** kbit/s */
  readonly bitrate: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly title: string;
  readonly listeners: number;
  readonly maxListeners: number;
}

/** Longer values are cut: titles come from strangers. */
const MAX_VALUE = 1000;

function form(fields: Readonly<Record<string, string | number>>): string {
  const entries = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    String(value).slice(0, MAX_VALUE),
  ]);
  return new URLSearchParams(entries).toString();
}

export function addForm(stream: Stream): string {
  return form({
    action: "add",
    sn: stream.name,
    genre: stream.genre,
    cpswd: "",
    desc: stream.description,
    url: stream.url,
    listenurl: stream.listenUrl,
    type: stream.contentType,
    stype: stream.subtype,
    b: stream.bitrate,
    samplerate: stream.sampleRate,
    channels: stream.channels,
  });
}

export function touchForm(
  sid: string,
  { title, listeners, maxListeners, subtype }: Stream,
): string {
  const limit = maxListeners === 0 ? "" : maxListeners;
  return form({
    ...{ action: "touch", sid, st: title, listeners },
    ...{ max_listeners: limit, stype: subtype },
  });
}

export function removeForm(sid: string): string {
  return form({ action: "remove", sid });
}

export interface YpReply {
  readonly isTaken: boolean;
  readonly message: string;
  /** "" if it gives none. */
  readonly sid: string;
  /** Seconds between two touches; 0 if it does not say. */
  readonly touchSeconds: number;
}

const MAX_MESSAGE = 200;
const MAX_SID = 200;
const MAX_TOUCH_SECONDS = 86_400;

export function readReply(headers: Headers): YpReply {
  const seconds = Number(headers.get("touchfreq") ?? 0);
  const isNumber = seconds > 0 && seconds <= MAX_TOUCH_SECONDS;
  const message = (headers.get("ypmessage") ?? "").replace(/\p{Cc}+/gu, " ").trim();
  return {
    isTaken: headers.get("ypresponse")?.trim() === "1",
    message: message.slice(0, MAX_MESSAGE),
    sid: (headers.get("sid") ?? "").trim().slice(0, MAX_SID),
    touchSeconds: isNumber ? seconds : 0,
  };
}

/** Names that the directory refuses, since nobody chose them. */
const UNCHOSEN =
  /^(unspecified name|this is my server name|stream name|my station name|no name|cycast radio|autodj|stream(-\d+)?|-)?$/i;

/** What the directory would refuse anyway: a sentence without its end; null if nothing. */
export function unfit({ name, genre, contentType, listenUrl }: Stream): string | null {
  if (UNCHOSEN.test(name.trim())) return "the station has no name of its own (station_name)";
  if (genre.trim() === "") return "the station has no genre (station_genre)";
  if (contentType === "") return "nothing was on air yet";
  return isReachable(listenUrl) ? null : "yp.listen_url is not an address of the Internet";
}

function isReachable(listenUrl: string): boolean {
  if (!URL.canParse(listenUrl)) return false;
  const { hostname } = new URL(listenUrl);
  return hostname.includes(".") && !/^(localhost|127\.|10\.|192\.168\.|169\.254\.)/.test(hostname);
}
