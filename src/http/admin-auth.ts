// Admits commands: the admin's, and for titles also those of a mount's source.
import { type Account, NO_ADMIN, type Need, reaches, sourceAccount } from "../access/account.ts";
import { mayBeBareProxy } from "../access/local.ts";
import { httpRefusal, type Verdict } from "../access/verdict.ts";
import type { NamedAccounts } from "../access/accounts.ts";
import { type Reading, readingsOf, tokenReadings, type Visit } from "../access/visit.ts";
import { when } from "../lib/when.ts";
import type { MountParts } from "../assembly/mounts.ts";
import { basicCredentials, type Credentials } from "../wire/basic.ts";
import type { Station } from "../station/station.ts";
import { confirmPage } from "./confirm.ts";
import { callerOf, type Exchange, exchangeOf } from "./exchange.ts";
import { hostOf } from "./remote.ts";
import { reply } from "./reply.ts";

const SWITCHED_OFF =
  "The admin commands are switched off: set server.admin_password to switch them on.";

export const DEFAULT_PASSWORD =
  "The default password is accepted on this machine only, by the name localhost: change it in the configuration.";

export const FROM_ELSEWHERE = "Commands are not taken from the pages of other sites.";

const TEXT = "text/plain; charset=utf-8";

/** A request and its client's address. */
export interface ClientRequest {
  readonly request: Request;
  readonly address: string;
}

interface CommandRequest extends ClientRequest {
  readonly action: "title" | "admin";
  readonly need?: Need;
  /** Path of the mount; "" if the request names none that exists. */
  readonly path: string;
  /** The meanings of `pass=`; empty without one. */
  readonly passed: readonly Credentials[];
  /** Changes the station: read-only requests need no proof that a page of ours sent them. */
  readonly isChange: boolean;
  /** The first is the endpoint's own; `named`: those that the credentials may name. */
  readonly accounts: readonly [Account, ...Account[]];
  readonly named: NamedAccounts;
  readonly tokens: readonly Account[];
}

/** null: admitted. */
type Denied = Response | null;

/** The meanings of `pass=`: the password of `user`, with or without a stream's number, or a user and a password. */
export function passCredentials(pass: string, user = "source"): Credentials[] {
  const plain = pass.replace(/:#\d*$/, "");
  const colon = plain.indexOf(":");
  const whole = [pass, plain].map((password) => ({ user, password }));
  if (colon < 0) return whole;
  return [...whole, { user: plain.slice(0, colon), password: plain.slice(colon + 1) }];
}

function forbidden(sentence: string): Response {
  return reply(`${sentence}\r\n`, TEXT, 403);
}

function admit(command: CommandRequest, station: Station): Denied | Promise<Denied> {
  const { request } = command;
  const visit = visitOf(command);
  return when(
    station.admission.admit(visit, () => request.signal),
    (verdict) => {
      note(verdict, exchangeOf(request));
      return denied(verdict, command, station);
    },
  );
}

function visitOf(command: CommandRequest): Visit {
  const { action, need, path, request, isChange } = command;
  const { headers } = request;
  return {
    action,
    ...(need !== undefined && { need }),
    caller: callerOf(request),
    path,
    readings: readings(command),
    mayBeProxied: mayBeBareProxy(headers),
    command: { host: hostOf(request), isChange },
  };
}

function readings({ request, passed, accounts, named, tokens }: CommandRequest): Reading[] {
  const authorization = request.headers.get("authorization") ?? undefined;
  const basic = basicCredentials(authorization);
  const offered = basic === null ? passed : [basic, ...passed];
  const isBasic = ({ credentials }: Reading) => credentials === basic;
  return [
    ...readingsOf(offered, accounts, named).map((one) => ({ ...one, isBasic: isBasic(one) })),
    ...tokenReadings(authorization, tokens),
  ];
}

/** Whose the right credentials are; the access log has those of the Authorization header. */
function note(verdict: Verdict, exchange: Exchange): void {
  if (!("reading" in verdict) || verdict.reading === null) return;
  const { account, isBasic, credentials } = verdict.reading;
  exchange.account = account;
  if (isBasic === true || account?.isToken === true) exchange.record.user = credentials.user;
}

function denied(verdict: Verdict, command: CommandRequest, station: Station): Denied {
  const { request, address } = command;
  switch (verdict.kind) {
    case "admitted":
      return null;
    case "not_allowed":
      return forbidden(notAllowed(verdict.reading, command.need));
    case "elsewhere":
      return forbidden(FROM_ELSEWHERE);
    case "default_password":
      return forbidden(DEFAULT_PASSWORD);
    case "unproven":
      return request.method === "GET" ? confirmPage(request) : forbidden(FROM_ELSEWHERE);
    case "wrong":
      station.admission.failedRequests++;
      station.log.repeated(
        `a command from ${address} was refused: its user name or password is wrong`,
      );
  }
  const { status, sentence, headers } = httpRefusal(verdict);
  return reply(`${sentence}\r\n`, TEXT, status, headers);
}

/** Why the account may not do what needs this. */
export function notAllowed({ credentials }: Reading, need: Need | undefined): string {
  if (need === undefined) return `${credentials.user} may not send titles of this mount.`;
  return `${credentials.user} may not do this.`;
}

/** Admits the admin, and operators where that is enough. `pass`: the parameter, or "". */
export function admitAdmin(
  client: ClientRequest,
  station: Station,
  isChange: boolean,
  pass = "",
): Denied | Promise<Denied> {
  const { accounts } = station.admission;
  if (!accounts.hasOperators) return forbidden(SWITCHED_OFF);
  const own = accounts.admin ?? NO_ADMIN;
  return admit(
    {
      ...client,
      action: "admin",
      need: isChange ? "operate" : "read",
      path: "",
      passed: pass === "" ? [] : passCredentials(pass, own.user),
      isChange,
      accounts: [own],
      named: accounts.operators,
      tokens: accounts.tokens,
    },
    station,
  );
}

/** Admits a title from the mount's source or the admin. Without such a mount the first one's password is required.
 * `pass`: the parameter, or "". */
export function admitTitle(
  client: ClientRequest,
  parts: MountParts | undefined,
  pass: string,
  station: Station,
): Denied | Promise<Denied> {
  const { admin, sources, tokens } = station.admission.accounts;
  const { sourcePassword } = (parts ?? station.first).mount.config;
  return admit(
    {
      ...client,
      action: "title",
      path: parts?.mount.path ?? "",
      passed: pass === "" ? [] : passCredentials(pass),
      isChange: true,
      accounts: [sourceAccount(sourcePassword), ...(admin === null ? [] : [admin])],
      named: sources,
      tokens: tokens.filter((token) => reaches(token, "operate")),
    },
    station,
  );
}
