// A crowd of listeners in a process of its own, over TLS or without. Arguments: port, number, "tls" or "plain".
// Prints a line of JSON for each tenth of a second: how many have come, how many have audio, and their bytes together.
import type { SocketHandler } from "bun";

const [, , port = "0", number = "0", kind = "plain"] = Bun.argv;

/** Connections that are being made at a time. */
const AT_ONCE = 64;
const TELL_MS = 100;

const tally = { event: "tally", come: 0, heard: 0, bytes: 0, closed: 0 };

/** Resolves when its first byte has come, or it has ended. */
function listen(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isHeard = false;
  const ask = (socket: { write(text: string): number }) => {
    tally.come++;
    socket.write("GET /stream HTTP/1.0\r\n\r\n");
  };
  const handler: SocketHandler<undefined> = {
    data(_, bytes) {
      tally.bytes += bytes.length;
      if (!isHeard) tally.heard++;
      isHeard = true;
      resolve();
    },
    close() {
      tally.closed++;
      resolve();
    },
    connectError: () => resolve(),
  };
  const to = { hostname: "127.0.0.1", port: Number(port), data: undefined };
  const connecting =
    kind === "tls"
      ? Bun.connect({
          ...to,
          tls: { rejectUnauthorized: false },
          socket: { ...handler, handshake: ask },
        })
      : Bun.connect({ ...to, socket: { ...handler, open: ask } });
  connecting.catch(() => resolve());
  return promise;
}

async function come(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await listen();
}

setInterval(() => process.stdout.write(`${JSON.stringify(tally)}\n`), TELL_MS);
const each = Math.ceil(Number(number) / AT_ONCE);
const startedMs = performance.now();
const shares = Array.from({ length: AT_ONCE }, (_, i) => {
  return Math.max(0, Math.min(each, Number(number) - i * each));
});
await Promise.all(shares.map(come));
const seconds = (performance.now() - startedMs) / 1000;
process.stdout.write(`${JSON.stringify({ ...tally, event: "in", seconds })}\n`);
