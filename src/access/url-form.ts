// Pure: what a URL back end is asked, in Icecast's fields and their order.

export interface Listening {
  /** Number of the listener, the same in both questions. */
  readonly client: string;
  /** Path of the mount. */
  readonly path: string;
  /** With "?", as it was sent; "" for none. */
  readonly query: string;
  readonly user: string;
  readonly password: string;
  readonly address: string;
  readonly agent: string;
  readonly referer: string;
  /** Listeners of the mount. */
  readonly listeners: number;
}

/** Our own host name and source port, by which a back end distinguishes servers. */
export interface ServerName {
  readonly host: string;
  readonly port: number;
}

/** Longer values are cut: they come from a stranger. */
const MAX_VALUE = 1000;

type Field = readonly [name: string, value: string | number];

function form(fields: readonly Field[]): string {
  const entries = fields.map(([name, value]): [string, string] => [
    name,
    String(value).slice(0, MAX_VALUE),
  ]);
  return new URLSearchParams(entries).toString();
}

function who({ user, password, address, agent }: Listening): Field[] {
  return [
    ["user", user],
    ["pass", password],
    ["ip", address],
    ["agent", agent === "" ? "-" : agent],
  ];
}

/** May this listener listen? The mount comes with its query. */
export function listenerAdd({ host, port }: ServerName, one: Listening): string {
  return form([
    ["action", "listener_add"],
    ["server", host],
    ["port", port],
    ["client", one.client],
    ["mount", one.path + one.query],
    ...who(one),
    ["referer", one.referer],
    ["listeners", one.listeners],
  ]);
}

/** The listener has left, after so many seconds and bytes. */
export function listenerRemove(
  { host, port }: ServerName,
  one: Listening,
  { seconds, bytes }: { readonly seconds: number; readonly bytes: number },
): string {
  const [user, pass, ip, agent] = who(one);
  return form([
    ["action", "listener_remove"],
    ["server", host],
    ["port", port],
    ["client", one.client],
    ["mount", one.path],
    ...[user, pass].filter((field) => field !== undefined),
    ["duration", Math.floor(seconds)],
    ...[ip, agent].filter((field) => field !== undefined),
    ["sent", bytes],
  ]);
}

export interface Broadcasting {
  readonly path: string;
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** It is a title update, and not the source itself. */
  readonly isTitle: boolean;
}

/** May this client be the source of the mount, or set its titles? */
export function streamAuth({ host, port }: ServerName, one: Broadcasting): string {
  return form([
    ["action", "stream_auth"],
    ["mount", one.path],
    ["ip", one.address],
    ["server", host],
    ["port", port],
    ["user", one.user],
    ["pass", one.password],
    ...(one.isTitle ? [["admin", 1] as const] : []),
  ]);
}
