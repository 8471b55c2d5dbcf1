// The SHOUTcast v1 login: a password on a line of its own, which may also name the mount.
import { sourceAccount, SOURCE_USER } from "../access/account.ts";
import type { Verdict } from "../access/verdict.ts";
import type { Reading } from "../access/visit.ts";
import type { ClientOrigin } from "../lib/client-origin.ts";
import { when } from "../lib/when.ts";
import type { Mount } from "../mount/mount.ts";
import { RawBody } from "../wire/body.ts";
import type { Fields } from "../wire/fields.ts";
import {
  type Admitted,
  DEFAULT_PASSWORD,
  freeMount,
  mountOf,
  otherFormat,
  type Refused,
  refused,
  type SourceMounts,
  UNDECIDED,
  unplayableType,
  WRONG_TOO_OFTEN,
} from "./source-login.ts";

/** libshout's test for a server: it would take OK for a login. */
const POKE = "!POKE";

/** The path of a mount that does not exist. */
const NO_MOUNT = "";

/** The password is right and the mount is free for now; the headers follow. */
export interface Welcomed {
  readonly kind: "welcomed";
  readonly mount: Mount;
}

/** What a line can mean, the likeliest first: a password may itself contain colons. undefined: no such mount. */
function* meanings(line: string, door: SourceMounts): Iterable<[string, Mount | undefined]> {
  yield [line, door.firstMount];
  const numbered = /^(.*):#(\d{1,4})$/.exec(line);
  const [, plain = line, sid = "1"] = numbered ?? [];
  const mount = [...door.mounts.values()][Number(sid) - 1];
  if (numbered !== null) yield [plain, mount];
  // Some encoders have one field for user and password; the user does not matter here.
  const user = plain.startsWith("/") ? 0 : plain.indexOf(":");
  if (user > 0) yield [plain.slice(user + 1), mount];
  const colon = line.indexOf(":");
  if (line.startsWith("/") && colon > 0) {
    yield [line.slice(colon + 1), mountOf(line.slice(0, colon), door.mounts)];
  }
}

function readings(line: string, door: SourceMounts): Reading[] {
  return Array.from(meanings(line, door), ([password, mount]) => ({
    credentials: { user: SOURCE_USER, password },
    account: sourceAccount((mount ?? door.firstMount).config.sourcePassword),
    counted: "source",
    text: line,
    path: mount?.path ?? NO_MOUNT,
  }));
}

/** The refusal of a SHOUTcast encoder: one line, which it shows or takes for a failure. Only OK would let it go on; BUTT
 * recognises a wrong password by the words. */
export function shoutcastRefusal(sentence: string): string {
  return `${sentence}\r\n`;
}

const NO_HEADERS: Fields = new Map();

export function logInByPassword(
  line: string,
  origin: ClientOrigin,
  door: SourceMounts,
  gone: () => AbortSignal,
): Welcomed | Refused | Promise<Welcomed | Refused> {
  if (line === POKE) return refused("unauthorized", "invalid password", null);
  const visit = {
    action: "source",
    caller: { ...origin, headers: NO_HEADERS },
    path: door.firstMount.path,
    readings: readings(line, door),
    command: null,
  } as const;
  return when(door.admission.admit(visit, gone), (verdict) => welcome(verdict, visit.path, door));
}

/** `path`: the mount if the verdict names none. */
function welcome(verdict: Verdict, path: string, door: SourceMounts): Welcomed | Refused {
  if (verdict.kind === "wrong") return wrong(verdict.waitSeconds);
  if (verdict.kind === "default_password") return DEFAULT_PASSWORD;
  if (verdict.kind !== "admitted") return UNDECIDED;
  const free = freeMount(door.mounts.get(verdict.reading?.path ?? path));
  return free.kind === "refused" ? free : { kind: "welcomed", mount: free.mount };
}

/** Encoders look for the words "invalid password" and show them; others show the whole line. */
function wrong(waitSeconds: number): Refused {
  if (waitSeconds === 0) {
    return refused("unauthorized", "invalid password", "its SHOUTcast password is wrong");
  }
  const sentence = `Too many invalid passwords from this address: try again in ${waitSeconds} s`;
  return { ...refused("too_many_logins", sentence, WRONG_TOO_OFTEN), waitSeconds };
}

/** The headers have come; another source may have taken the mount meanwhile. */
export function admitShoutcast(headers: Fields, mount: Mount): Admitted | Refused {
  const free = freeMount(mount);
  if (free.kind === "refused") return free;
  const unsuitable = unplayableType(headers) ?? otherFormat(headers, mount);
  if (unsuitable !== null) return unsuitable;
  return { kind: "admitted", mount, headers, body: new RawBody(), isExpecting: false };
}
