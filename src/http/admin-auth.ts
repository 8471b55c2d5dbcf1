// Who may give commands: the admin, and for titles also the source of a mount.
import { isLocal, mayBeBareProxy } from "../access/local.ts";
import { type Account, fits, sourceAccount, tooMany } from "../access/logins.ts";
import { isFromElsewhere, isUnproven } from "../access/same-site.ts";
import type { Secret } from "../lib/secret.ts";
import { basicCredentials, type Credentials } from "../wire/basic.ts";
import type { Station } from "../station.ts";
import { confirmPage } from "./confirm.ts";
import { exchangeOf } from "./exchange.ts";
import { hostOf } from "./remote.ts";
import { reply } from "./reply.ts";

const SWITCHED_OFF =
  "The admin commands are switched off: set server.admin_password to switch them on.";

export const DEFAULT_PASSWORD =
  "The default password is accepted on this machine only, by the name localhost: change it in the configuration.";

export const FROM_ELSEWHERE = "Commands are not taken from the pages of other sites.";

const TEXT = "text/plain; charset=utf-8";

/** A request and the address that it comes from. */
export interface ClientRequest {
  readonly request: Request;
  readonly address: string;
}

/** A login of a command. */
interface CommandRequest extends ClientRequest {
  /** What `pass=` can mean; empty without one. */
  readonly passed: readonly Credentials[];
  /** Changes the station: read-only requests need no proof that a page of ours sent them. */
  readonly isChange: boolean;
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
  return reply(`${sentence}\r\n`, TEXT, 403);
}

function wait(seconds: number): Response {
  return reply(`${tooMany(seconds)}\r\n`, TEXT, 429, { "retry-after": String(seconds) });
}

export function adminAccount(admin: Omit<Account, "name">): Account {
  return { name: "admin", ...admin };
}

/** The default password counts on this machine alone. A bare proxy is told from encoders only where it asks for the
 * admin: they close their connections too. */
export function isOpenToAll(
  { name, password }: Account,
  { address, request }: ClientRequest,
): boolean {
  if (!password.isDefault) return false;
  const isHere = isLocal(address, request.headers);
  return !isHere || (name === "admin" && mayBeBareProxy(request.headers));
}

/** null: let in. A request without credentials is how some programs begin: it is no failed login. */
function admit(
  asked: CommandRequest,
  accounts: readonly [Account, ...Account[]],
  station: Station,
): Response | null {
  const { request, address, passed } = asked;
  const host = hostOf(request);
  if (isFromElsewhere(request.headers, host)) return forbidden(FROM_ELSEWHERE);
  const basic = basicCredentials(request.headers.get("authorization") ?? undefined);
  const offered = basic === null ? passed : [basic, ...passed];
  if (offered.length === 0) return challenge();
  const verdict = station.logins.judge({ address, headers: request.headers }, offered, accounts);
  if (verdict.kind === "wrong") return refused(station, address, verdict.waitSeconds);
  const { account } = verdict;
  const isByBrowser = basic !== null && fits(account, basic);
  if (isByBrowser) exchangeOf(request).accept(basic.user);
  if (isOpenToAll(account, asked)) return forbidden(DEFAULT_PASSWORD);
  const isDoubtful = isByBrowser && asked.isChange && isUnproven(request.headers, host);
  if (!isDoubtful) return null;
  return request.method === "GET" ? confirmPage(request) : forbidden(FROM_ELSEWHERE);
}

/** Counted and told, with the answer to it. */
function refused(station: Station, address: string, waitSeconds: number): Response {
  station.failedLogins++;
  station.log.repeated(`a command from ${address} was refused: its user name or password is wrong`);
  return waitSeconds === 0 ? challenge() : wait(waitSeconds);
}

/** null when the admin asks, else the answer. `pass`: the parameter, or "". */
export function admitAdmin(
  client: ClientRequest,
  station: Station,
  isChange: boolean,
  pass = "",
): Response | null {
  const { admin } = station.config.server;
  if (admin === null) return forbidden(SWITCHED_OFF);
  const passed = pass === "" ? [] : passCredentials(pass, admin.user);
  return admit({ ...client, passed, isChange }, [adminAccount(admin)], station);
}

/** null when the admin asks or the mount's source may, who both may tell titles. `pass`: the parameter, or "". */
export function admitSource(
  client: ClientRequest,
  sourcePassword: Secret,
  pass: string,
  station: Station,
): Response | null {
  const { admin } = station.config.server;
  const others = admin === null ? [] : [adminAccount(admin)];
  const passed = pass === "" ? [] : passCredentials(pass);
  const asked = { ...client, passed, isChange: true };
  return admit(asked, [sourceAccount(sourcePassword), ...others], station);
}
