// Who asks for a stream, as its request tells.
import { expect, test } from "bun:test";
import { listenerClient } from "../../src/output/listen-request.ts";

test.each(["X-Forwarded-For", "Forwarded", "X-Real-IP"])(
  "a listener that a proxy asks for is told by its %s",
  (name) => {
    const client = (headers: Headers) =>
      listenerClient("GET /stream HTTP/1.1", headers, "192.0.2.1");
    expect(client(new Headers({ [name]: "198.51.100.7" })).isForwarded).toBe(true);
    expect(client(new Headers()).isForwarded).toBe(false);
  },
);

test.each([
  ["1", true],
  [" 1", true],
  ["2", true],
  ["0", false],
  ["yes", false],
  ["", false],
])("a listener that sends Icy-MetaData: %p wants titles: %p", (value, wantsIcy) => {
  const headers = new Headers({ "icy-metadata": value });
  expect(listenerClient("GET /stream HTTP/1.1", headers, "192.0.2.1").wantsIcy).toBe(wantsIcy);
});
