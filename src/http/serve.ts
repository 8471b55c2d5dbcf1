// Bun.serve with a hook for what its parser refuses.
//
// Bun itself answers a request that it cannot parse, even in the middle of one of our answers, without any notice.
// Only its node:http has a hook, "clientError", and node:http is built on Bun.serve: so we create a node:http server
// whose call of Bun.serve gets our options too, and then replace its handlers by ours. Only the hook and a stricter
// parser remain of node:http. A Bun that is built otherwise serves as usual, without the hook.
import { createServer } from "node:http";
import type { Peer } from "../native/server-connection.ts";

/** Bytes at the start of a connection, or after a request, that are not HTTP. */
export interface Unparsed {
  /** As in Node.js: "HPE_INVALID_METHOD". */
  readonly code: string;
  /** The last bytes read; a copy. */
  readonly bytes: Uint8Array;
  readonly peer: Peer;
  /** Writes the text and ends the connection. */
  end(text: string): void;
  /** Resets the connection. */
  drop(): void;
}

export type OnUnparsed = (unparsed: Unparsed) => void;

type Serve = typeof Bun.serve;
type Options = Parameters<Serve>[0];
type Server = ReturnType<Serve>;

function setServe(serve: unknown): void {
  Object.assign(Bun, { serve });
}

/** Runs `listen`, whose Bun.serve has the hook; throws what it throws. Returns whether the hook is there. */
export function withHook(onUnparsed: OnUnparsed, listen: () => void): boolean {
  const { serve } = Bun;
  let isHooked = false;
  setServe((options: Options) => {
    const server = serveHooked(serve, options, onUnparsed);
    isHooked = server !== null;
    return server ?? serve(options);
  });
  try {
    listen();
    return isHooked;
  } finally {
    setServe(serve);
  }
}

function serveHooked(serve: Serve, options: Options, onUnparsed: OnUnparsed): Server | null {
  const outcome = serveByNode(serve, options, onUnparsed);
  if (outcome instanceof Error) throw outcome;
  // Requests go to node:http until then; no connection is accepted before this turn is over.
  outcome?.reload(options);
  return outcome;
}

/** null if this Bun's node:http is built otherwise. */
function serveByNode(
  serve: Serve,
  options: Options,
  onUnparsed: OnUnparsed,
): Server | Error | null {
  let outcome: Server | Error | null = null;
  setServe((own: Options) => {
    try {
      return (outcome = serve(Object.assign(own, options)));
    } catch (error) {
      outcome = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  });
  const node = createServer();
  // The error is thrown by serve() itself.
  node.on("error", () => undefined);
  node.on("clientError", (error, socket) => onUnparsed(unparsed(error, socket)));
  // The port is that of the options.
  unwatched(() => node.listen({ host: "127.0.0.1", port: 0 }));
  if (outcome === null) node.close();
  return outcome;
}

type Bind = typeof Function.prototype.bind;

function setBind(bind: unknown): void {
  Object.assign(Function.prototype, { bind });
}

/** node:http hands Bun a bound function that makes a stream of each connection, for an event that nobody listens to: a third
 * of what a listener costs in memory. Without the function Bun keeps nothing for a connection. node:http still makes a stream
 * of one that is not HTTP, for "clientError". */
function unwatched(listen: () => void): void {
  const bind: Bind = Function.prototype.bind;
  setBind(function (this: (...given: unknown[]) => unknown, ...given: unknown[]) {
    return this.name === "onServerConnection" ? undefined : Reflect.apply(bind, this, given);
  });
  try {
    listen();
  } finally {
    setBind(bind);
  }
}

/** A connection as node:http passes it. */
interface NodeSocket {
  end(text: string): unknown;
  destroy(): unknown;
  readonly remoteAddress?: string;
  readonly remotePort?: number;
}

function unparsed(
  error: Error & { readonly code?: string; readonly rawPacket?: Uint8Array },
  socket: NodeSocket,
): Unparsed {
  return {
    code: error.code ?? "",
    bytes: new Uint8Array(error.rawPacket ?? []),
    peer: { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 },
    end: (text) => void socket.end(text),
    drop: () => void socket.destroy(),
  };
}
