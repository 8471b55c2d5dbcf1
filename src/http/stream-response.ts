// A response whose body is written as it happens: the audio of a listener, or events.
import { type Open, StreamSink } from "../output/sinks/stream-sink.ts";
import { exchangeOf } from "./exchange.ts";

/**
 * A response whose body is written through the sink that `open` gets. `open` runs when the response is pulled, never
 * for HEAD, and must write at once: Bun completes the header block with the first body byte (oven-sh/bun#33660).
 * It returns a function to call when the client has gone, or null to end at once.
 */
export function streamResponse(
  headers: Record<string, string>,
  request: Request,
  open: Open,
): Response {
  const exchange = exchangeOf(request);
  const sink = new StreamSink(open);
  exchange.streamed = sink;
  // Bun cancels the body when its client goes. The source port reads the body itself. A signal for each of thousands of
  // listeners would lengthen every pause of the garbage collector.
  if (exchange.port === "source") onAbort(request.signal, () => sink.cancel());
  return new Response(new ReadableStream(sink), { headers });
}

function onAbort(signal: AbortSignal, gone: () => void): void {
  if (signal.aborted) gone();
  else signal.addEventListener("abort", gone, { once: true });
}
