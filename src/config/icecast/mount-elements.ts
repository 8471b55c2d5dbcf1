// What becomes of each element of a <mount>.
import { readMountPath } from "../key.ts";
import { authenticationRule } from "./authentication.ts";
import type { Draft, Values } from "./draft.ts";
import { apply, none, numberIn, type Rule, type Rules } from "./elements.ts";
import { FALLBACK_OVERRIDE } from "./fallback-elements.ts";
import type { Element } from "./xml-tree.ts";

const MAX_MOUNTS = 256;

/** Icecast's burst is in bytes: this many of them are a second, where a mount does not say its bitrate. */
const USUAL_KBITS = 128;

const MAX_BURST_SECONDS = 60;

const NO_HOOK = none("no programs are run on events");

/** `values`: of this mount. */
function rulesFor(values: Values): Rules {
  const text =
    (name: string): Rule =>
    (element, draft) =>
      draft.set(values, name, element.text, element);
  const number =
    (name: string): Rule =>
    (element, draft) =>
      draft.set(values, name, numberIn(element), element);
  return {
    "mount-name": () => undefined,
    bitrate: () => undefined,
    "burst-size": () => undefined,
    password: text("server.source_password"),
    username: userName,
    "max-listeners": (element, draft) => setMaxListeners(values, element, draft),
    "stream-name": text("metadata.station_name"),
    "stream-description": text("metadata.station_description"),
    "stream-url": text("metadata.station_url"),
    genre: text("metadata.station_genre"),
    "mp3-metadata-interval": number("metadata.icy_metaint"),
    "icy-metadata-interval": number("metadata.icy_metaint"),
    "max-listener-duration": number("rules.max_listener_duration"),
    public: (element, draft) => setPublic(values, element.text === "1", element, draft),
    "no-yp": (element, draft) => setPublic(values, element.text !== "1", element, draft),
    authentication: authenticationRule(values),
    ...WITHOUT_KEY,
  };
}

const WITHOUT_KEY: Rules = {
  type: none("the type comes from what the source sends"),
  subtype: none("the type comes from what the source sends"),
  "cluster-password": none("a directory gets each mount for itself"),
  hidden: none("every mount is on the page and in the status"),
  "fallback-mount": () => undefined,
  "fallback-override": FALLBACK_OVERRIDE,
  "fallback-when-full": () => undefined,
  charset: none("titles are read as UTF-8, else as ISO-8859-1"),
  intro: none("name the file in intro in the mount's block; it may have any format"),
  preroll: none("nothing is played before the stream"),
  "dump-file": none(`add a recording block: recording "shows" { directory = "…" }`),
  "max-stream-duration": none("a source may stay"),
  "on-connect": NO_HOOK,
  "on-disconnect": NO_HOOK,
  "event-bindings": NO_HOOK,
  "http-headers": none("answers have fixed headers"),
  "queue-size": none("buffer.size_mb is the memory of the mount"),
  "min-queue-size": none("buffer.size_mb is the memory of the mount"),
  "so-sndbuf": none("not needed"),
  "limit-rate": none("a source that is ahead of its time is not read"),
  "linger-for": none("the playlist plays until the source comes back"),
  "wait-time": none("the mount stays"),
  "ban-client": none("not there"),
  "redirect-to": none("not there"),
  "no-mount": none("every mount can be listened to"),
  "allow-direct-access": none("every mount can be listened to"),
  "allow-url-ogg-metadata": none("titles beside an Ogg stream are always taken"),
  "filter-theora": none("there is no video"),
};

function userName(element: Element, draft: Draft): void {
  if (element.text !== "source")
    draft.note(element, "sources log in as source, or with any name by SHOUTcast");
}

/** In Icecast, a source may decide too; here, the configuration alone. */
function setPublic(values: Values, isPublic: boolean, element: Element, draft: Draft): void {
  draft.set(values, "directory.public", isPublic, element);
}

/** Below zero is no limit in Icecast; zero admits nobody, which nobody means. */
function setMaxListeners(values: Values, element: Element, draft: Draft): void {
  const most = numberIn(element);
  draft.set(values, "advanced.max_listeners", most < 0 ? 0 : most, element);
}

export function addMount(element: Element, draft: Draft): void {
  if (element.attributes["type"] === "default") return readMount(element, draft.defaults, draft);
  const name = element.children.find((child) => child.name === "mount-name");
  const path = readMountPath(name?.text ?? "");
  if (path === null) return draft.note(name ?? element, "no path that a mount can have");
  if (draft.mounts.some((mount) => mount.path === path)) {
    return draft.note(name ?? element, "the mount is there already");
  }
  if (draft.mounts.length === MAX_MOUNTS)
    return draft.note(element, "more mounts than there can be");
  const values: Values = new Map();
  readMount(element, values, draft);
  draft.mounts.push({ path, values, relays: [] });
}

function readMount(element: Element, values: Values, draft: Draft): void {
  const rules = rulesFor(values);
  for (const child of element.children) apply(rules, child, draft);
  setBurst(element, element, values, draft);
}

/** `from` has the bytes, `mount` the bitrate. */
export function setBurst(from: Element, mount: Element | null, values: Values, draft: Draft): void {
  const size = from.children.find(({ name }) => name === "burst-size");
  if (size === undefined) return;
  const bitrate = mount?.children.find(({ name }) => name === "bitrate");
  const kbits = (bitrate && numberIn(bitrate)) || USUAL_KBITS;
  const seconds = Math.min(MAX_BURST_SECONDS, Math.round((numberIn(size) * 8) / kbits / 100) / 10);
  draft.set(values, "buffer.burst_seconds", seconds, size);
  draft.note(size, `${seconds} s, which it is at ${kbits} kbit/s: buffer.burst_seconds`);
}
