// The SHOUTcast v1 login: a password on a line of its own, which may also name the mount.
import { sourceAccount } from "../access/account.ts";
import type { Verdict } from "../access/verdict.ts";
import type { Reading } from "../access/visit.ts";
import { SOURCE_USER } from "../config/account-keys.ts";
import type { ClientOrigin } from "../lib/client-origin.ts";
import { when } from "../lib/when.ts";
import type { Mount } from "../mount/mount.ts";
import { RawBody } from "../wire/body.ts";
import type { Fields } from "../wire/fields.ts";
import {
  accountOf,
  type Admitted,
  byRule,
  DEFAULT_PASSWORD,
  mountOf,
  notAllowed,
  otherFormat,
  type SourceAccount,
  type SourceMounts,
  UNDECIDED,
  unplayableType,
  WRONG_TOO_OFTEN,
} from "./source-login.ts";
import { type Place, placeOn } from "./mount-place.ts";
import { type Refused, refused } from "./refused.ts";

/** libshout's test for a server: it would take OK for a login. */
const POKE = "!POKE";

/** The path of a mount that does not exist. */
const NO_MOUNT = "";

/** The password is right and the mount is free for now; the headers follow. */
export interface Welcomed {
  readonly kind: "welcomed";
  readonly mount: Mount;
  readonly account: SourceAccount;
  /** Where it stands on the mount now that its headers have come. */
  readonly place: () => Refused | Place;
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
  return Array.from(meanings(line, door)).flatMap(([password, mount]) => {
    const reading: Reading = {
      credentials: { user: SOURCE_USER, password },
      account: sourceAccount((mount ?? door.firstMount).config.sourcePassword),
      counted: "source",
      text: line,
      path: mount?.path ?? NO_MOUNT,
    };
    return [reading, ...namedReading(reading, line, door)];
  });
}

/** The password as a user and a password, if there is such an account. A line that names no mount means the first one
 * that the account may go live on. */
function namedReading(reading: Reading, line: string, door: SourceMounts): Reading[] {
  const text = reading.credentials.password;
  const colon = text.indexOf(":");
  const account = door.admission.accounts.sources.get(text.slice(0, Math.max(0, colon)));
  if (account === undefined) return [];
  const credentials = { user: account.user, password: text.slice(colon + 1) };
  const path = text === line ? (account.mounts?.[0] ?? reading.path) : reading.path;
  return [{ ...reading, credentials, account, ...(path === undefined ? {} : { path }) }];
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
  return when(door.admission.admit(visit, gone), (verdict) =>
    welcome(verdict, origin, visit.path, door),
  );
}

/** `path`: the mount if the verdict names none. */
function welcome(
  verdict: Verdict,
  { address }: ClientOrigin,
  path: string,
  door: SourceMounts,
): Welcomed | Refused {
  if (verdict.kind === "wrong") return wrong(verdict.waitSeconds);
  if (verdict.kind === "default_password") return DEFAULT_PASSWORD;
  if (verdict.kind === "not_allowed") return notAllowed(verdict.reading);
  if (verdict.kind === "refused") return byRule(verdict.refusal);
  if (verdict.kind !== "admitted") return UNDECIDED;
  const account = accountOf(verdict);
  const mount = door.mounts.get(verdict.reading?.path ?? path);
  const place = () => placeOn(mount, { address, ...account }, door.clock.nowMs());
  const now = place();
  return now.kind === "refused" ? now : { kind: "welcomed", mount: now.mount, account, place };
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
export function admitShoutcast(
  headers: Fields,
  { mount, account, place }: Omit<Welcomed, "kind">,
): Admitted | Refused {
  const now = place();
  if (now.kind === "refused") return now;
  const unsuitable = unplayableType(headers) ?? otherFormat(headers, mount);
  if (unsuitable !== null) return unsuitable;
  const body = new RawBody();
  return { ...now, ...account, kind: "admitted", headers, body, isExpecting: false };
}
