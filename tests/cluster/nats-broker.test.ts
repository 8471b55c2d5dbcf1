// The broker on a real NATS server.
import { expect, test } from "bun:test";
import { NatsBroker } from "../../src/cluster/nats-broker.ts";
import { createLog } from "../../src/lib/log.ts";
import { Nats, natsServer } from "../support/nats.ts";
import { until } from "../support/station.ts";

async function connected(servers: readonly string[], logged: string[] = []): Promise<NatsBroker> {
  const log = createLog((level, text) => logged.push(`${level} ${text}`));
  const broker = new NatsBroker({ servers, name: "test", node: "n" } as never, log);
  await until("it is connected", () => broker.isConnected);
  return broker;
}

test.skipIf(natsServer === null)(
  "what is larger than the server takes is not sent, which is logged and nobody's trouble",
  async () => {
    await using nats = await Nats.start();
    const logged: string[] = [];
    const asking = await connected([nats.url]);
    const answering = await connected([nats.url], logged);
    const tooLarge = new Uint8Array(2 << 20);
    answering.subscribe("question", () => Promise.resolve(tooLarge));
    answering.keep("nodes", "n", tooLarge);
    expect(logged.at(-1)).toMatch(/^warn cluster: NATS does not take a message: /);
    expect(await asking.request("question", Buffer.from("?")).catch(() => null)).toBeNull();
    const isUnsent = (line: string) => line.startsWith("debug cluster: no answer was sent: ");
    await until("that is logged", () => logged.some(isUnsent));
    await Promise.all([asking.close(), answering.close()]);
  },
);
