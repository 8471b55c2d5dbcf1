// Pure: SHOUTcast v1's login, a password on a line of its own that may also say to which mount.
import { clientOf } from "../access/client-identity.ts";
import { isLocal } from "../access/local.ts";
import type { Mount } from "../mount/mount.ts";
import { RawBody } from "../wire/body.ts";
import type { Fields } from "../wire/fields.ts";
import {
  type Admitted,
  DEFAULT_PASSWORD,
  type Door,
  foreignType,
  freeMount,
  mountOf,
  otherFormat,
  type Refused,
  refused,
  WRONG_TOO_OFTEN,
} from "./source-login.ts";

/** libshout looks whether anybody answers here: OK to it would be taken for a login. */
const POKE = "!POKE";

interface Reading {
  readonly password: string;
  /** undefined: it names a mount that is not there. */
  readonly mount: Mount | undefined;
}

/** The password is right, and the mount free for now: its headers follow. */
export interface Welcomed {
  readonly kind: "welcomed";
  readonly mount: Mount;
}

/** What a line can mean, the likeliest first: a password may itself have colons in it. */
function* readings(line: string, door: Door): Iterable<Reading> {
  yield { password: line, mount: door.firstMount };
  const numbered = /^(.*):#(\d{1,4})$/.exec(line);
  const [, plain = line, sid = "1"] = numbered ?? [];
  const mount = [...door.mounts.values()][Number(sid) - 1];
  if (numbered !== null) yield { password: plain, mount };
  // Some have one field for user and password; who the user is does not matter here.
  const user = plain.startsWith("/") ? 0 : plain.indexOf(":");
  if (user > 0) yield { password: plain.slice(user + 1), mount };
  const colon = line.indexOf(":");
  if (line.startsWith("/") && colon > 0) {
    yield { password: line.slice(colon + 1), mount: mountOf(line.slice(0, colon), door.mounts) };
  }
}

/** What a SHOUTcast encoder is told that is not let in: a line, which it shows or takes for any failure. Only OK
 * would let it go on; BUTT knows a wrong password by its words. */
export function shoutcastRefusal(sentence: string): string {
  return `${sentence}\r\n`;
}

const NO_HEADERS: Fields = new Map();

/** `address` is the client's. */
export function judgePassword(line: string, address: string, door: Door): Welcomed | Refused {
  if (line === POKE) return refused("unauthorized", "invalid password", null);
  const client = clientOf({ address, headers: NO_HEADERS });
  const attempt = door.logins.open("source", client);
  const found = attempt.waitSeconds > 0 ? undefined : fitting(line, door);
  if (found === undefined) return wrong(attempt.wrong([line]));
  attempt.right();
  const { sourcePassword } = (found.mount ?? door.firstMount).config;
  if (sourcePassword.isDefault && !isLocal(address, NO_HEADERS)) return DEFAULT_PASSWORD;
  const free = freeMount(found.mount);
  return free.kind === "refused" ? free : { kind: "welcomed", mount: free.mount };
}

function fitting(line: string, door: Door): Reading | undefined {
  return Iterator.from(readings(line, door)).find(({ password, mount }) =>
    (mount ?? door.firstMount).config.sourcePassword.equals(password),
  );
}

/** Encoders look for the words "invalid password" and show them; others show the whole line. */
function wrong(waitSeconds: number): Refused {
  if (waitSeconds === 0) {
    return refused("unauthorized", "invalid password", "its SHOUTcast password is wrong");
  }
  const sentence = `Too many invalid passwords from this address: try again in ${waitSeconds} s`;
  return { ...refused("too_many_logins", sentence, WRONG_TOO_OFTEN), waitSeconds };
}

/** Its headers have come; another may have taken the mount meanwhile. */
export function admitShoutcast(headers: Fields, mount: Mount): Admitted | Refused {
  const free = freeMount(mount);
  if (free.kind === "refused") return free;
  const foreign = foreignType(headers) ?? otherFormat(headers, mount);
  if (foreign !== null) return foreign;
  return { kind: "admitted", mount, headers, body: new RawBody(), isExpecting: false };
}
