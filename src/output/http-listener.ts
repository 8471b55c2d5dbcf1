// A listener of the HTTP server, from its response's first byte to its end.
import type { Audience } from "./audience/audience.ts";
import type { ListenerClient } from "./audience/listener.ts";
import { HandedSink, type HttpConnection } from "./sinks/handed-sink.ts";
import type { StreamSink } from "./sinks/stream-sink.ts";

/** Adds the listener and writes its burst. `connection`: null if the core cannot write to it. Returns a function to call
 * when the client has gone; null if there is no room. */
export function joinOverHttp(
  audience: Audience,
  client: ListenerClient,
  stream: StreamSink,
  connection: HttpConnection | null,
): (() => void) | null {
  const sink = new HandedSink(stream, connection, false);
  const listener = (audience.introducer ?? audience).join(client, sink);
  if (listener === null) {
    sink.gone();
    client.session?.left(0, 0);
    return null;
  }
  return () => {
    listener.audience.leave(listener, "it closed the connection");
    sink.gone();
  };
}
