// Our own listening sockets are found among this process's descriptors and tuned.
import { expect, test } from "bun:test";
import { tuneListeningSocket } from "../../src/native/listen.ts";

test("what listens on a port is tuned, and nothing else", () => {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  expect(tuneListeningSocket(server.port, 60)).toBe(1);
  server.stop(true);
  expect(tuneListeningSocket(server.port, 60)).toBe(0);
});

test("on what is no port nothing is tuned", () => {
  for (const port of [0, -1, 65_536]) expect(tuneListeningSocket(port, 60)).toBe(0);
});
