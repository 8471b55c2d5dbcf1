// Pure: what becomes of a request at the source port, in Icecast's order, so that a wrong password does not learn
// whether a mount exists or is in use.
import { createParser } from "../format/create-parser.ts";
import { codecOfContentType, mediaTypeOf } from "../format/detect.ts";
import { contentTypeOf } from "../format/content-type.ts";
import { describeFormat } from "../format/frame.ts";
import { isLocal, mayBeBareProxy } from "../access/local.ts";
import { type Logins, sourceAccount, tooMany } from "../access/logins.ts";
import { normaliseMount } from "../lib/mount-path.ts";
import type { Mount } from "../mount/mount.ts";
import type { Refusal } from "../wire/answers.ts";
import { type BodyDecoder, bodyDecoder, hasPlainLength } from "../wire/body.ts";
import type { Fields } from "../wire/fields.ts";
import { type RequestHead } from "../wire/request-head.ts";
import { basicCredentials } from "../wire/basic.ts";

/** What can be logged in to. */
export interface Door {
  /** In the order of the configuration, the first mount first. */
  readonly mounts: ReadonlyMap<string, Mount>;
  /** Whose password a login to an unknown mount is held against. */
  readonly firstMount: Mount;
  readonly logins: Logins;
}

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
  /** For the client to read. */
  readonly sentence: string;
  /** For the log, null when it is not worth a line: a step of every login that follows a protocol. */
  readonly told: string | null;
  /** Seconds until the client may try again, where it has to wait. */
  readonly waitSeconds?: number;
}

export interface Admitted {
  readonly kind: "admitted";
  readonly mount: Mount;
  readonly headers: Fields;
  readonly body: BodyDecoder;
  /** It waits to be told to go on, and to be told how it ended. */
  readonly isExpecting: boolean;
}

export function refused(
  refusal: Refusal,
  sentence: string,
  told: string | null = sentence,
): Refused {
  return { kind: "refused", refusal, sentence, told };
}

/** `address` is the client's. */
export function judge(head: RequestHead, address: string, door: Door): Admitted | Refused {
  if (head.method !== "SOURCE" && head.method !== "PUT") return strange(head);
  const mount = mountOf(head.target, door.mounts);
  const stranger = challenge(head, address, mount ?? door.firstMount, door.logins);
  if (stranger !== null) return stranger;
  const free = freeMount(mount);
  return free.kind === "refused" ? free : admit(head, free.mount);
}

/** What is no source is Router' affair, where there are any. */
function strange(head: RequestHead): Refused {
  const sentence = "unknown request: this port is for sources, see the listen port";
  return refused("not_a_source", sentence, head.method === "OPTIONS" ? null : sentence);
}

/** Of who has given the right password: the mount, when there is one and nobody has it. */
export function freeMount(
  mount: Mount | undefined,
): Refused | { readonly kind: "free"; readonly mount: Mount } {
  if (mount === undefined) return refused("no_such_mount", "No such mount on this station");
  return mount.live === null ? { kind: "free", mount } : refused("in_use", "Mountpoint in use");
}

/** libshout asks without credentials first: that is no failed login. Credentials that cannot be read are. */
function challenge(
  head: RequestHead,
  address: string,
  { config }: Mount,
  logins: Logins,
): Refused | null {
  const { headers } = head;
  const authorization = headers.get("authorization");
  if (authorization === undefined) return unauthorized(null);
  const credentials = basicCredentials(authorization);
  if (credentials === null) return unauthorized("its credentials are broken");
  const account = sourceAccount(config.sourcePassword);
  const verdict = logins.judge({ address, headers }, [credentials], [account]);
  if (verdict.kind === "wrong") return wrong(verdict.waitSeconds);
  const isHere = isLocal(address, headers) && !isBarelyProxied(head);
  return config.sourcePassword.isDefault && !isHere ? DEFAULT_PASSWORD : null;
}

function unauthorized(told: string | null): Refused {
  return refused("unauthorized", "You need to authenticate", told);
}

function wrong(waitSeconds: number): Refused {
  if (waitSeconds === 0) return unauthorized("its user name or password is wrong");
  const sentence = tooMany(waitSeconds);
  return { ...refused("too_many_logins", sentence, WRONG_TOO_OFTEN), waitSeconds };
}

/** For the log, where lines that differ in their seconds would not be collapsed. */
export const WRONG_TOO_OFTEN = "wrong passwords came from its address too often";

/** Encoders speak HTTP/1.0 too, but only with SOURCE. */
function isBarelyProxied({ method, version, headers }: RequestHead): boolean {
  return method === "PUT" && version === "HTTP/1.0" && mayBeBareProxy(headers);
}

export const DEFAULT_PASSWORD = refused(
  "default_password",
  "The default password is accepted from this machine only: set server.source_password",
);

function admit({ method, headers }: RequestHead, mount: Mount): Admitted | Refused {
  const foreign = foreignType(headers) ?? otherFormat(headers, mount);
  if (foreign !== null) return foreign;
  if (!hasPlainLength(headers)) {
    return refused("bad_request", "Bad request: its length is no number");
  }
  const body = bodyDecoder(headers);
  if (body === null) return refused("transfer_coding", "Unknown transfer coding");
  const isExpecting = method === "PUT" && /100-continue/i.test(headers.get("expect") ?? "");
  return { kind: "admitted", mount, headers, body, isExpecting };
}

/** curl names none, or this one: then the first bytes alone decide. Icecast refuses a PUT without a type, for no
 * reason that a DJ would see. */
const SAYS_NOTHING = "application/octet-stream";

/** null when it is a type that can be played. */
export function foreignType(headers: Fields): Refused | null {
  const type = headers.get("content-type") ?? SAYS_NOTHING;
  if (mediaTypeOf(type) === SAYS_NOTHING) return null;
  if (createParser(codecOfContentType(type)) !== null) return null;
  const what = type.slice(0, 80);
  return refused("content_type", `Content-type not supported: ${what}; send MP3, AAC, Ogg or WebM`);
}

/** Where a mount refuses other formats. A type of MP3 is no sign: ffmpeg gives it to everything. */
export function otherFormat(headers: Fields, mount: Mount): Refused | null {
  const { format, config } = mount;
  const codec = codecOfContentType(headers.get("content-type") ?? SAYS_NOTHING);
  if (config.onFormatChange !== "refuse" || format === null) return null;
  if (codec === "mp3" || codec === "unknown") return null;
  if (codec === codecOfContentType(contentTypeOf(format))) return null;
  const plays = describeFormat(format);
  return refused(
    "format",
    `This mount plays ${plays} and refuses other formats (on_format_change)`,
  );
}

/** The mount that a request names, in any of its spellings. */
export function mountOf(target: string, mounts: ReadonlyMap<string, Mount>): Mount | undefined {
  const path = normaliseMount(target.split("?")[0] ?? "");
  return path === null ? undefined : mounts.get(path);
}
