// Pure: SHOUTcast v1's login, a password on a line of its own that may also say to which mount.
import type { Mount } from "../../mount/mount.ts";
import { RawBody } from "./body.ts";
import type { Fields } from "./fields.ts";
import {
  type Admitted,
  type Door,
  foreignType,
  freeMount,
  mountOf,
  otherFormat,
  type Refused,
  refused,
  remoteDefault,
} from "./login.ts";

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

/** `address` is the client's. */
export function judgePassword(line: string, address: string, door: Door): Welcomed | Refused {
  for (const { password, mount } of readings(line, door)) {
    const { sourcePassword } = (mount ?? door.firstMount).config;
    if (!sourcePassword.equals(password)) continue;
    const stranger = remoteDefault(address, sourcePassword);
    if (stranger !== null) return stranger;
    const free = freeMount(mount);
    return free.kind === "refused" ? free : { kind: "welcomed", mount: free.mount };
  }
  const told = line === POKE ? null : "its SHOUTcast password is wrong";
  return refused("unauthorized", "invalid password", told);
}

/** Its headers have come; another may have taken the mount meanwhile. */
export function admitShoutcast(headers: Fields, mount: Mount): Admitted | Refused {
  const free = freeMount(mount);
  if (free.kind === "refused") return free;
  const foreign = foreignType(headers) ?? otherFormat(headers, mount);
  if (foreign !== null) return foreign;
  return { kind: "admitted", mount, headers, body: new RawBody(), isExpecting: false };
}
