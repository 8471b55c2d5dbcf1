// Decides what becomes of a source's request, in Icecast's order: credentials come first, so a failed login cannot probe
// which mounts exist or are busy.
import type { Admission } from "../access/admission.ts";
import { sourceAccount } from "../access/account.ts";
import { mayBeBareProxy } from "../access/local.ts";
import type { RuleRefusal } from "../access/rule.ts";
import { tooMany, UNAVAILABLE, type Verdict } from "../access/verdict.ts";
import { type Reading, readingsOf, type Visit } from "../access/visit.ts";
import { createParser } from "../format/create-parser.ts";
import { codecOfContentType, mediaTypeOf } from "../format/detect.ts";
import { contentTypeOf } from "../format/content-type.ts";
import { describeFormat } from "../format/frame.ts";
import type { Clock } from "../lib/clock.ts";
import type { ClientOrigin } from "../lib/client-origin.ts";
import { normaliseMount } from "../lib/mount-path.ts";
import { when } from "../lib/when.ts";
import type { Mount } from "../mount/mount.ts";
import { type BodyDecoder, bodyDecoder, hasPlainLength } from "../wire/body.ts";
import type { Fields } from "../wire/fields.ts";
import { type RequestHead } from "../wire/request-head.ts";
import { basicCredentials } from "../wire/basic.ts";
import { type Place, placeOn } from "./mount-place.ts";
import { type Refused, refused } from "./refused.ts";

export type { Refused };

/** What a source can log in to. */
export interface SourceMounts {
  /** In configuration order. */
  readonly mounts: ReadonlyMap<string, Mount>;
  /** Its password is the one required on a mount that does not exist. */
  readonly firstMount: Mount;
  readonly admission: Admission;
  readonly clock: Clock;
}

/** The account that a source has logged in to. */
export interface SourceAccount {
  /** "" for the mount's password. */
  readonly user: string;
  readonly priority: number;
}

export interface Admitted extends SourceAccount, Omit<Place, "kind"> {
  readonly kind: "admitted";
  readonly headers: Fields;
  readonly body: BodyDecoder;
  /** The client waits for 100 Continue before the body, and for a final answer after it. */
  readonly isExpecting: boolean;
}

/** The login of a SOURCE or PUT request; any other method is refused. */
export function logIn(
  head: RequestHead,
  origin: ClientOrigin,
  door: SourceMounts,
  gone: () => AbortSignal,
): Admitted | Refused | Promise<Admitted | Refused> {
  if (head.method !== "SOURCE" && head.method !== "PUT") return notASource(head);
  const visit = visitOf(head, origin, door);
  if ("refusal" in visit) return visit;
  return when(door.admission.admit(visit, gone), (verdict) => {
    const denied = deniedBy(verdict);
    if (denied !== null) return denied;
    const account = accountOf(verdict);
    const caller = { address: origin.address, ...account };
    const place = placeOn(mountOf(head.target, door.mounts), caller, door.clock.nowMs());
    return place.kind === "refused" ? place : admit(head, place, account);
  });
}

/** Requests that are not a source's go to the router, if there is one. */
function notASource(head: RequestHead): Refused {
  const sentence = "unknown request: this port is for sources, see the listen port";
  return refused("not_a_source", sentence, head.method === "OPTIONS" ? null : sentence);
}

/** libshout sends its first request without credentials: that is no failed login. Unreadable credentials are. */
function visitOf(head: RequestHead, origin: ClientOrigin, door: SourceMounts): Visit | Refused {
  const { headers } = head;
  const authorization = headers.get("authorization");
  const credentials = basicCredentials(authorization);
  if (authorization !== undefined && credentials === null) {
    return unauthorized("its credentials are broken");
  }
  const mount = mountOf(head.target, door.mounts) ?? door.firstMount;
  const account = sourceAccount(mount.config.sourcePassword);
  const named = door.admission.accounts.sources;
  return {
    action: "source",
    caller: { ...origin, headers },
    path: mount.path,
    readings: readingsOf(credentials === null ? [] : [credentials], [account], named),
    mayBeProxied: mayBeProxied(head),
    command: null,
  };
}

/** Encoders use HTTP/1.0 too, but only with SOURCE. */
function mayBeProxied({ method, version, headers }: RequestHead): boolean {
  return method === "PUT" && version === "HTTP/1.0" && mayBeBareProxy(headers);
}

/** null if the source is admitted. */
function deniedBy(verdict: Verdict): Refused | null {
  if (verdict.kind === "admitted") return null;
  if (verdict.kind === "default_password") return DEFAULT_PASSWORD;
  if (verdict.kind === "wrong") return wrong(verdict.waitSeconds);
  if (verdict.kind === "not_allowed") return notAllowed(verdict.reading);
  if (verdict.kind === "refused") return byRule(verdict.refusal);
  return verdict.kind === "challenge" ? unauthorized(null) : UNDECIDED;
}

/** The account that admitted the client, if it has a name of its own. */
export function accountOf(verdict: Verdict): SourceAccount {
  const account = "reading" in verdict ? verdict.reading?.account : null;
  if (account?.isNamed !== true) return { user: "", priority: 0 };
  return { user: account.user, priority: account.priority };
}

/** Admission has logged it. */
export function byRule({ sentence }: RuleRefusal): Refused {
  return refused("banned", sentence, null);
}

export function notAllowed({ credentials }: Reading): Refused {
  const { user } = credentials;
  return refused(
    "not_allowed",
    "This account may not go live on this mount",
    `${user} may not go live on this mount (mounts)`,
  );
}

function unauthorized(logged: string | null): Refused {
  return refused("unauthorized", "You need to authenticate", logged);
}

function wrong(waitSeconds: number): Refused {
  if (waitSeconds === 0) return unauthorized("its user name or password is wrong");
  const sentence = tooMany(waitSeconds);
  return { ...refused("too_many_logins", sentence, WRONG_TOO_OFTEN), waitSeconds };
}

/** For the log, without the seconds: lines that differ would not be collapsed. */
export const WRONG_TOO_OFTEN = "wrong passwords came from its address too often";

export const DEFAULT_PASSWORD = refused(
  "default_password",
  "The default password is accepted from this machine only: set server.source_password",
);

export const UNDECIDED = refused("undecided", UNAVAILABLE);

function admit(
  { method, headers }: RequestHead,
  place: Place,
  account: SourceAccount,
): Admitted | Refused {
  const { mount } = place;
  const unsuitable = unplayableType(headers) ?? otherFormat(headers, mount);
  if (unsuitable !== null) return unsuitable;
  if (!hasPlainLength(headers)) {
    return refused("bad_request", "Bad request: its length is no number");
  }
  const body = bodyDecoder(headers);
  if (body === null) return refused("transfer_coding", "Unknown transfer coding");
  const isExpecting = method === "PUT" && /100-continue/i.test(headers.get("expect") ?? "");
  return { ...place, ...account, kind: "admitted", headers, body, isExpecting };
}

/** curl sends this type or none: then the first bytes decide. Icecast refuses a PUT without a type, which helps no DJ. */
const UNSPECIFIED = "application/octet-stream";

/** null if the declared type can be played. */
export function unplayableType(headers: Fields): Refused | null {
  const type = headers.get("content-type") ?? UNSPECIFIED;
  if (mediaTypeOf(type) === UNSPECIFIED) return null;
  if (createParser(codecOfContentType(type)) !== null) return null;
  const what = type.slice(0, 80);
  return refused("content_type", `Content-type not supported: ${what}; send MP3, AAC, Ogg or WebM`);
}

/** For mounts that refuse a change of format. MP3's type proves nothing: ffmpeg sends it for everything. */
export function otherFormat(headers: Fields, mount: Mount): Refused | null {
  const { format, config } = mount;
  const codec = codecOfContentType(headers.get("content-type") ?? UNSPECIFIED);
  if (config.onFormatChange !== "refuse" || format === null) return null;
  if (codec === "mp3" || codec === "unknown") return null;
  if (codec === codecOfContentType(contentTypeOf(format))) return null;
  const plays = describeFormat(format);
  return refused(
    "format",
    `This mount plays ${plays} and refuses other formats (on_format_change)`,
  );
}

/** The mount for a request target, in any spelling. */
export function mountOf(target: string, mounts: ReadonlyMap<string, Mount>): Mount | undefined {
  const path = normaliseMount(target.split("?")[0] ?? "");
  return path === null ? undefined : mounts.get(path);
}
