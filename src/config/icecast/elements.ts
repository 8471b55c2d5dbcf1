// What becomes of each element of an icecast.xml, of Icecast 2.4, 2.5 and the KH branch: a key, or the reason why there is
// none.
import { join } from "node:path";
import { plainAddress } from "../../lib/address.ts";
import { isAddressRange } from "../../lib/address-ranges.ts";
import type { Draft } from "./draft.ts";
import type { Element } from "./xml-tree.ts";

export type Rule = (element: Element, draft: Draft) => void;
export type Rules = Readonly<Record<string, Rule>>;

/** Text that is no number becomes a value that no key accepts. */
export function numberIn({ text }: Element): number {
  return text === "" ? Number.NaN : Number(text);
}

function number(name: string): Rule {
  return (element, draft) => draft.set(draft.values, name, numberIn(element), element);
}

function text(name: string): Rule {
  return (element, draft) => draft.set(draft.values, name, element.text, element);
}

export function none(why: string): Rule {
  return (element, draft) => draft.note(element, why);
}

/** Each element inside by its own rule. */
export function group(rules: Rules): Rule {
  return (element, draft) => {
    for (const child of element.children) apply(rules, child, draft);
  };
}

export function apply(rules: Rules, element: Element, draft: Draft): void {
  const rule = Object.hasOwn(rules, element.name) ? rules[element.name] : undefined;
  if (rule === undefined) draft.note(element, "unknown, so it is left out");
  else rule(element, draft);
}

/** Done in another way, or of no consequence. */
const NOTHING: Rule = () => undefined;

const NO_FILES = none("Cycast serves its own pages and no files");
const ROTATES = none("let logrotate rename the files, and send SIGUSR1");

const LIMITS: Rules = {
  clients: none("there is no limit for all clients together; advanced.max_listeners is per mount"),
  sources: none("each mount takes one source"),
  "queue-size": none("buffer.size_mb is the memory of a mount, and how far a listener may lag"),
  "min-queue-size": none("buffer.size_mb is the memory of a mount"),
  "client-timeout": none("not needed: a silent connection is closed after 15 s"),
  "header-timeout": none("a request has 15 s for its head"),
  "body-timeout": none("a form has 15 s for each part"),
  "source-timeout": number("advanced.source_timeout"),
  "burst-on-connect": NOTHING,
  "burst-size": NOTHING,
  workers: none("not needed"),
};

const AUTHENTICATION: Rules = {
  "source-password": text("server.source_password"),
  "admin-user": text("server.admin_user"),
  "admin-password": text("server.admin_password"),
  "relay-user": none("slaves log in with an account of the role operator"),
  "relay-password": none("slaves log in with an account of the role operator"),
};

const PATHS: Rules = {
  logdir: NOTHING,
  "ssl-certificate": NOTHING,
  "tls-certificate": NOTHING,
  "x-forwarded-for": trustProxy,
  basedir: none("needed for chroot only"),
  webroot: NO_FILES,
  adminroot: NO_FILES,
  pidfile: none("the service manager knows the process"),
  alias: none("paths have no aliases; a mount answers at its own path"),
};

/** Icecast's numbers. */
const LEVELS: readonly string[] = ["error", "error", "warn", "info", "debug"];

const LOGGING: Rules = {
  accesslog: NOTHING,
  errorlog: NOTHING,
  playlistlog: none("what was played is at the desk and in the API"),
  loglevel: (element, draft) =>
    draft.set(draft.values, "log.level", LEVELS[numberIn(element)], element),
  logsize: ROTATES,
  logarchive: ROTATES,
};

/** Those of <mount> and <listen-socket> are elsewhere. */
export const STATION: Rules = {
  limits: group(LIMITS),
  authentication: group(AUTHENTICATION),
  paths: group(PATHS),
  logging: group(LOGGING),
  security: group({
    chroot: none("use the systemd unit's sandbox"),
    changeowner: none("start the station as the user that it runs as"),
    "tls-context": none("there is tls { } for both ports"),
  }),
  location: none("no page shows it"),
  admin: none("no page shows it"),
  "server-id": none("answers name Cycast"),
  hostname: none("links have the name that the client uses"),
  fileserve: NO_FILES,
  "http-headers": none("answers have fixed headers; pages of all sites may play the streams"),
  "shoutcast-mount": NOTHING,
  relay: NOTHING,
  relays: NOTHING,
  master: none("name the server in relay_all"),
  "master-server": NOTHING,
  "master-server-port": NOTHING,
  "master-update-interval": NOTHING,
  "master-username": NOTHING,
  "master-password": NOTHING,
  "relays-on-demand": NOTHING,
  directory: group({
    "yp-url": (element, draft) => setDirectory(element.text, element, draft),
    "yp-url-timeout": none("a directory has 10 s to answer"),
    "touch-interval": none("the directory says how often it wants to hear"),
  }),
  "yp-directory": (element, draft) => setDirectory(element.attributes["url"] ?? "", element, draft),
  "event-bindings": none("no programs are run on events"),
};

/** The first one; its address of this server is not in the file. */
function setDirectory(url: string, element: Element, draft: Draft): void {
  if (draft.values.has("yp.url")) return draft.note(element, "there is one directory: yp.url");
  draft.set(draft.values, "yp.url", url, element);
  draft.note(element, "set yp.listen_url, the address of this server as the world reaches it");
}

/** KH's wildcards of peers, such as 10.1.*, as ranges. */
function trustProxy(element: Element, draft: Draft): void {
  const range = rangeOf(plainAddress(element.text));
  if (!isAddressRange(range)) return draft.note(element, "no address or range");
  const ranges = draft.values.get("server.trusted_proxies");
  const before = Array.isArray(ranges) ? ranges : [];
  draft.set(draft.values, "server.trusted_proxies", [...before, range], element);
}

function rangeOf(pattern: string): string {
  const octets = pattern.split(".");
  const fixed = octets.findIndex((octet) => octet === "*");
  if (fixed < 1 || octets.slice(fixed).some((octet) => octet !== "*")) return pattern;
  const zeros = Array<string>(Math.max(0, 4 - fixed)).fill("0");
  return `${[...octets.slice(0, fixed), ...zeros].join(".")}/${fixed * 8}`;
}

/** The file that `name` is written to in `folder`. "" for standard output. */
export function logFile(folder: string, name: string): string {
  return name === "-" ? "" : join(folder, name);
}
