// Bun.serve with a say in what its parser refuses.
//
// Bun answers a request that it cannot parse by itself, also in the middle of an answer of ours, and tells nobody.
// Only its node:http has a hook, "clientError", and node:http is built on Bun.serve: so a node:http server is made
// whose call of Bun.serve gets our options too, and whose handlers are then replaced by ours. Of node:http nothing is
// left but the hook and a stricter parser. A Bun without this arrangement serves as always, without the hook.
import { createServer } from "node:http";
import type { Peer } from "../native/server-connection.ts";

/** An opening, or what follows a request, that is no HTTP. */
export interface Unparsed {
  /** As in Node.js: "HPE_INVALID_METHOD". */
  readonly code: string;
  /** What was last read. A copy. */
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

/** null: this Bun's node:http is built otherwise. */
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
  // It is thrown where it belongs.
  node.on("error", () => undefined);
  node.on("clientError", (error, socket) => onUnparsed(unparsed(error, socket)));
  // The port is that of the options.
  node.listen({ host: "127.0.0.1", port: 0 });
  if (outcome === null) node.close();
  return outcome;
}

/** What node:http hands over of a connection. */
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
