// The end of the listen port.
import { expect, test } from "bun:test";
import { listen } from "../../src/http/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { Station } from "../../src/station/station.ts";
import { testConfig } from "../support/config.ts";
import { until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

/** Longer than any test may take. */
const GRACE_MS = 600_000;

test("a connection that is kept for a next request does not hold up the end", async () => {
  const station = new Station(
    testConfig(),
    systemClock,
    createLog(() => undefined),
  );
  await station.prepare();
  station.listen();
  const http = await listen(station);
  using client = await Wire.open(http.port);
  client.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n");
  await until("it is answered", () => client.text.startsWith("HTTP/1.1 "));
  expect(client.isClosed).toBe(false);
  const ended = http.stop(GRACE_MS);
  await station.stop();
  await ended;
  await client.closed();
  await station.close();
});
