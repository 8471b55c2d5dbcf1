// A response whose body is written as it happens: the audio of a listener, or events.
import { StreamSink } from "../output/sinks/stream-sink.ts";
import { exchangeOf } from "./exchange.ts";

/**
 * A response whose body is written through the sink that `open` gets. `open` runs when the response is pulled, never
 * for HEAD, and must write at once: Bun completes the header block with the first body byte (oven-sh/bun#33660).
 * It returns a function to call when the client has gone, or null to end at once.
 */
export function streamResponse(
  headers: Record<string, string>,
  request: Request,
  open: (sink: StreamSink) => (() => void) | null,
): Response {
  const exchange = exchangeOf(request);
  let sentBytes = () => 0;
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  const over = () => resolve(sentBytes());
  let onGone: (() => void) | null = null;
  const gone = () => {
    onGone?.();
    over();
  };
  exchange.streamed = ended;
  // Bun cancels the body when its client goes, even one that it has not pulled. The source port reads the body itself. A signal
  // for each of thousands of listeners would lengthen every pause of the garbage collector.
  if (exchange.port === "source") onAbort(request.signal, gone);
  const body: Bun.DirectUnderlyingSource<Uint8Array> = {
    type: "direct",
    cancel: gone,
    pull(controller) {
      return new Promise<void>((settle) => {
        const sink = new StreamSink(controller, () => {
          over();
          settle();
        });
        sentBytes = () => sink.sentBytes;
        onGone = open(sink);
        if (onGone === null) sink.end();
      });
    },
  };
  return new Response(new ReadableStream(body), { headers });
}

function onAbort(signal: AbortSignal, gone: () => void): void {
  if (signal.aborted) gone();
  else signal.addEventListener("abort", gone, { once: true });
}
