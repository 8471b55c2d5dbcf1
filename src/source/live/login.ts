// Pure: what becomes of a request at the source port, in Icecast's order, so that a wrong password does not learn
// whether a mount exists or is in use.
import { createParser } from "../../format/create-parser.ts";
import { codecOfContentType, mediaTypeOf } from "../../format/detect.ts";
import { contentTypeOf } from "../../format/content-type.ts";
import { describeFormat } from "../../format/frame.ts";
import { isLocal } from "../../lib/address.ts";
import { normaliseMount } from "../../lib/mount-path.ts";
import type { Secret } from "../../lib/secret.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Refusal } from "./answers.ts";
import { type BodyDecoder, bodyDecoder, hasPlainLength } from "./body.ts";
import type { Fields } from "./fields.ts";
import { basicCredentials, type RequestHead } from "./handshake.ts";

/** What can be logged in to. */
export interface Door {
  /** In the order of the configuration, the first mount first. */
  readonly mounts: ReadonlyMap<string, Mount>;
  /** Whose password a login to an unknown mount is held against. */
  readonly firstMount: Mount;
}

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
  /** For the client to read. */
  readonly sentence: string;
  /** For the log, null when it is not worth a line: a step of every login that follows a protocol. */
  readonly told: string | null;
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
  const { sourcePassword } = (mount ?? door.firstMount).config;
  const stranger =
    challenge(head, sourcePassword) ?? remoteDefault(address, sourcePassword, head.headers);
  if (stranger !== null) return stranger;
  const free = freeMount(mount);
  return free.kind === "refused" ? free : admit(head, free.mount);
}

/** What is no source is Guests' affair, where there are any. */
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
function challenge(head: RequestHead, password: Secret): Refused | null {
  const authorization = head.headers.get("authorization");
  const credentials = basicCredentials(authorization);
  if (credentials?.user === "source" && password.equals(credentials.password)) return null;
  if (authorization === undefined) {
    return refused("unauthorized", "You need to authenticate", null);
  }
  const what =
    credentials === null ? "its credentials are broken" : "its user name or password is wrong";
  return refused("unauthorized", "You need to authenticate", what);
}

/** A login without headers tells of no proxy. */
export function remoteDefault(
  address: string,
  password: Secret,
  headers: Fields = new Map(),
): Refused | null {
  if (!password.isDefault || isLocal(address, headers)) return null;
  return refused(
    "default_password",
    "The default password is accepted from this machine only: set server.source_password",
  );
}

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
