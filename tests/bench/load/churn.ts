// Listeners that come and go: `bun churn.ts --port N --joins 50`, until it is ended. Each stays for a few seconds.
import { parseArgs } from "node:util";

const STAY_SECONDS = 4;

const { values } = parseArgs({
  options: { port: { type: "string" }, joins: { type: "string", default: "50" } },
});

const REQUEST = "GET /stream HTTP/1.1\r\nHost: localhost\r\nUser-Agent: VLC/3.0.21\r\n\r\n";
const joins = Number(values.joins);
const present: { end(): void }[] = [];

for (let dueMs = performance.now(); ; dueMs += 1000 / joins) {
  await Bun.sleep(Math.max(0, dueMs - performance.now()));
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(values.port),
    socket: { open: (opened) => void opened.write(REQUEST), data: () => undefined },
  });
  present.push(socket);
  if (present.length > joins * STAY_SECONDS) present.shift()?.end();
}
