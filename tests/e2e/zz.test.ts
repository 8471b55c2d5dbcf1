import { test, expect } from "bun:test";
import { Nats } from "/work/nats/tests/support/nats.ts";
import { testConfig } from "/work/nats/tests/support/config.ts";
import { startStation, until } from "/work/nats/tests/support/station.ts";
import { Secret } from "/work/nats/src/lib/secret.ts";
test("x", async () => {
  await using nats = await Nats.start();
  const conf = (node: string) => {
    const c = testConfig([{}]);
    return { ...c, cluster: { ...c.cluster, nats: new Secret(nats.url), secret: new Secret("s"), node, standby: true, url: "http://127.0.0.1:1" } };
  };
  await using a = await startStation(conf("a"));
  await using b = await startStation(conf("b"));
  await until("leader", () => a.station.cluster.link?.role === "leader" || b.station.cluster.link?.role === "leader");
  await until("seen", () => a.station.cluster.link!.view.all(0).length === 1 && b.station.cluster.link!.view.all(0).length === 1);
  console.log(JSON.stringify(a.station.cluster.link!.view.all(0)));
  console.log(a.logged.join("\n"), "\n--\n", b.logged.join("\n"));
  await nats.kill();
  await until("lost", () => !a.station.cluster.link!.broker.isConnected);
  await nats.start();
  await until("back", () => a.station.cluster.link!.broker.isConnected && b.station.cluster.link!.broker.isConnected);
  console.log(a.logged.join("\n"), "\n--\n", b.logged.join("\n"));
}, 40000);
