// Admits commands: the admin's, and for titles also those of a mount's source.
import { type Account, adminAccount, sourceAccount } from "../access/account.ts";
import { mayBeBareProxy } from "../access/local.ts";
import { httpRefusal, type Verdict } from "../access/verdict.ts";
import { type Reading, readingsOf, type Visit } from "../access/visit.ts";
import { when } from "../lib/when.ts";
import type { MountParts } from "../mounts.ts";
import { basicCredentials, type Credentials } from "../wire/basic.ts";
import type { Station } from "../station.ts";
import { confirmPage } from "./confirm.ts";
import { callerOf, exchangeOf } from "./exchange.ts";
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
  /** Path of the mount; "" if the request names none that exists. */
  readonly path: string;
  /** The meanings of `pass=`; empty without one. */
  readonly passed: readonly Credentials[];
  /** Changes the station: read-only requests need no proof that a page of ours sent them. */
  readonly isChange: boolean;
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

function admit(
  command: CommandRequest,
  accounts: readonly [Account, ...Account[]],
  station: Station,
): Denied | Promise<Denied> {
  const { request } = command;
  const visit = visitOf(command, accounts);
  return when(
    station.admission.admit(visit, () => request.signal),
    (verdict) => {
      const user = basicUser(verdict);
      if (user !== null) exchangeOf(request).accept(user);
      return denied(verdict, command, station);
    },
  );
}

function visitOf(command: CommandRequest, accounts: readonly [Account, ...Account[]]): Visit {
  const { action, path, request, passed, isChange } = command;
  const { headers } = request;
  const basic = basicCredentials(headers.get("authorization") ?? undefined);
  const offered = basic === null ? passed : [basic, ...passed];
  const isBasic = ({ credentials }: Reading) => credentials === basic;
  return {
    action,
    caller: callerOf(request),
    path,
    readings: readingsOf(offered, accounts).map((one) => ({ ...one, isBasic: isBasic(one) })),
    mayBeProxied: mayBeBareProxy(headers),
    command: { host: hostOf(request), isChange },
  };
}

/** The user name in the Authorization header, if these credentials were right. */
function basicUser(verdict: Verdict): string | null {
  if (!("reading" in verdict) || verdict.reading?.isBasic !== true) return null;
  return verdict.reading.credentials.user;
}

function denied(verdict: Verdict, command: CommandRequest, station: Station): Denied {
  const { request, address } = command;
  switch (verdict.kind) {
    case "admitted":
      return null;
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

/** Admits the admin. `pass`: the parameter, or "". */
export function admitAdmin(
  client: ClientRequest,
  station: Station,
  isChange: boolean,
  pass = "",
): Denied | Promise<Denied> {
  const { admin } = station.config.server;
  if (admin === null) return forbidden(SWITCHED_OFF);
  const passed = pass === "" ? [] : passCredentials(pass, admin.user);
  const command = { ...client, action: "admin", path: "", passed, isChange } as const;
  return admit(command, [adminAccount(admin)], station);
}

/** Admits a title from the mount's source or the admin. Without such a mount the first one's password is required.
 * `pass`: the parameter, or "". */
export function admitTitle(
  client: ClientRequest,
  parts: MountParts | undefined,
  pass: string,
  station: Station,
): Denied | Promise<Denied> {
  const { admin } = station.config.server;
  const others = admin === null ? [] : [adminAccount(admin)];
  const passed = pass === "" ? [] : passCredentials(pass);
  const path = parts?.mount.path ?? "";
  const { sourcePassword } = (parts ?? station.first).mount.config;
  const command = { ...client, action: "title", path, passed, isChange: true } as const;
  return admit(command, [sourceAccount(sourcePassword), ...others], station);
}
