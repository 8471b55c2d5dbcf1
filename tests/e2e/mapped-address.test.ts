// A station that listens on :: names its IPv4 clients as one that listens on IPv4 does, at both ports.
import { expect, test } from "bun:test";
import { until, startStation } from "../support/station.ts";
import { AS_ADMIN, adminConfig } from "../http/app.ts";

test("a client by IPv4 is 127.0.0.1, at either port", async () => {
  const config = adminConfig();
  const server = { ...config.server, host: "::" };
  await using radio = await startStation({ ...config, server });
  const gone = new AbortController();
  for (const port of [radio.sourcePort, radio.listenPort]) {
    void fetch(`http://127.0.0.1:${port}/stream`, { signal: gone.signal }).catch(() => undefined);
  }
  const [audience] = radio.station.mounts.audiences;
  await until("both listen", () => audience?.count === 2);
  const answer = await fetch(`${radio.url}/admin/listclients?mount=/stream`, { headers: AS_ADMIN });
  const addresses = [...(await answer.text()).matchAll(/<IP>([^<]*)/g)].map(
    ([, address]) => address,
  );
  gone.abort();
  expect(addresses).toEqual(["127.0.0.1", "127.0.0.1"]);
});
