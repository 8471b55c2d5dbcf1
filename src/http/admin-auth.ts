// Who may give commands: the keeper of the station, and for titles whoever may be the source of a mount.
import { isLocal } from "../lib/address.ts";
import type { Secret } from "../lib/secret.ts";
import { basicCredentials, type Credentials } from "../source/live/handshake.ts";
import type { Station } from "../station.ts";
import { attemptsAt, tooMany } from "./attempts.ts";
import { hostOf } from "./remote.ts";
import { reply } from "./reply.ts";

export interface Account {
  readonly user: string;
  readonly password: Secret;
}

const SWITCHED_OFF =
  "The admin commands are switched off: set server.admin_password to switch them on.\r\n";

const DEFAULT_PASSWORD =
  "The default password is accepted from this machine only: change it in the configuration.\r\n";

const FROM_ELSEWHERE = "Commands are not taken from the pages of other sites.\r\n";

const TEXT = "text/plain; charset=utf-8";

/** Who asks, and for what. */
export interface Asker {
  readonly request: Request;
  readonly address: string;
}

/** What `pass=` may mean: the password of `user`, with or without a stream's number, or a user and theirs. */
export function passCredentials(pass: string, user = "source"): Credentials[] {
  const plain = pass.replace(/:#\d*$/, "");
  const colon = plain.indexOf(":");
  const whole = [pass, plain].map((password) => ({ user, password }));
  if (colon < 0) return whole;
  return [...whole, { user: plain.slice(0, colon), password: plain.slice(colon + 1) }];
}

function challenge(): Response {
  const headers = { "www-authenticate": 'Basic realm="Icecast2 Server"' };
  return reply("You need to authenticate\r\n", TEXT, 401, headers);
}

function forbidden(sentence: string): Response {
  return reply(sentence, TEXT, 403);
}

function wait(seconds: number): Response {
  return reply(`${tooMany(seconds)}\r\n`, TEXT, 429, { "retry-after": String(seconds) });
}

/** Behind a proxy our name may lack the port. A page without an address is anybody's. */
function isOtherHost(page: string, name: string): boolean {
  if (!URL.canParse(page)) return true;
  const [url, { host }] = [new URL(page), new URL(`http://${name}`)];
  return host !== url.host && host !== url.hostname;
}

/** A browser sends its user's password along with whatever a strange page makes it ask for. Sec-Fetch-Site it
 * sends only over TLS and to its own machine; programs send none of these. */
export function isFromElsewhere(request: Request): boolean {
  const { headers } = request;
  const site = headers.get("sec-fetch-site");
  if (site !== null) return /^(cross-site|same-site)$/.test(site);
  const name = hostOf(request);
  const pages = [headers.get("origin"), headers.get("referer")].filter((page) => page !== null);
  return pages.some((page) => name === undefined || isOtherHost(page, name));
}

export function fits(account: Account, offered: Credentials): boolean {
  // Both are looked at: how long it takes says nothing about the user name.
  const isRight = account.password.equals(offered.password);
  return account.user === offered.user && isRight;
}

/** null: let in. A request without credentials is how some programs begin: it is no failed login. */
function admit(
  asker: Asker,
  accounts: readonly Account[],
  passed: readonly Credentials[],
  station: Station,
): Response | null {
  const { request, address } = asker;
  if (isFromElsewhere(request)) return forbidden(FROM_ELSEWHERE);
  const basic = basicCredentials(request.headers.get("authorization") ?? undefined);
  const offered = basic === null ? passed : [basic, ...passed];
  if (offered.length === 0) return challenge();
  const [attempts, nowMs] = [attemptsAt(station), station.clock.nowMs()];
  const waitSeconds = attempts.waitSeconds(asker, nowMs);
  if (waitSeconds > 0) return refused(station, address, wait(waitSeconds));
  const account = accounts.find((known) => offered.some((tried) => fits(known, tried)));
  if (account !== undefined) {
    if (basic !== null && fits(account, basic)) station.access.accept(request, basic.user);
    const isOpen = account.password.isDefault && !isLocal(address, request.headers);
    return isOpen ? forbidden(DEFAULT_PASSWORD) : null;
  }
  attempts.fail(asker, nowMs);
  return refused(station, address, challenge());
}

/** Counted and told, with the answer to it. */
function refused(station: Station, address: string, answer: Response): Response {
  station.failedLogins++;
  station.log.repeated(`a command from ${address} was refused: its user name or password is wrong`);
  return answer;
}

/** null when the keeper asks, else the answer to whoever does. `pass`: the parameter, or "". */
export function admitAdmin(asker: Asker, station: Station, pass = ""): Response | null {
  const { admin } = station.config.server;
  if (admin === null) return forbidden(SWITCHED_OFF);
  return admit(asker, [admin], pass === "" ? [] : passCredentials(pass, admin.user), station);
}

/** null when the keeper asks or one who may be the mount's source. `pass`: the parameter, or "". */
export function admitSource(
  asker: Asker,
  sourcePassword: Secret,
  pass: string,
  station: Station,
): Response | null {
  const { admin } = station.config.server;
  const accounts = [{ user: "source", password: sourcePassword }, ...(admin ? [admin] : [])];
  return admit(asker, accounts, pass === "" ? [] : passCredentials(pass), station);
}
