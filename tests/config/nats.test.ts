// The keys by which servers of a cluster know each other over NATS.
import { expect, test } from "bun:test";
import { parseConfig } from "../../src/config/load-config.ts";
import { machineName, natsServers } from "../../src/config/nats-keys.ts";
import { told } from "./problems-of.ts";

async function cluster(keys: string) {
  return (await parseConfig("test.hcl", `cluster {\n${keys}\n}`, {})).cluster;
}

const NATS = 'nats = "nats://u:p@a.example:4222, tls://b.example"\nsecret = "long"';

test("a server of a cluster has NATS servers, a name and an address", async () => {
  const { nats, node, url, standby } = await cluster(
    `${NATS}\nnode = "eins"\nurl = "http://10.0.0.1:8000/"\nstandby = true`,
  );
  expect(natsServers(nats.reveal())).toEqual(["nats://u:p@a.example:4222", "tls://b.example"]);
  expect({ node, url, standby }).toEqual({
    node: "eins",
    url: "http://10.0.0.1:8000",
    standby: true,
  });
});

test("a server without a name goes by that of its machine", () => {
  expect(machineName()).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
});

test.each([
  ['nats = "http://a.example"', "not accepted"],
  ['nats = "nats://"', "not accepted"],
  ['nats = "nats://a/b"', "not accepted"],
  ['node = "a.b"', "not accepted"],
  ['name = ""', "not accepted"],
  ['name = "a b"', "not accepted"],
  ['url = "ftp://a.example"', "not accepted"],
  ['url = "http://a.example/stream"', "not accepted"],
  ['nats = "nats://a.example"', "nats without secret"],
  ['nats = "nats://a.example"\nsecret = ""', "nats without secret"],
  ["standby = true", "standby without nats"],
  [`${NATS}\nstandby = true`, "standby without url"],
])("%s is refused", async (keys, said) => {
  expect((await told(`cluster {\n${keys}\n}`)).join("\n")).toContain(said);
});

test("an edge cannot stand by", async () => {
  const text = `edge { origin = "http://o.example" }\ncluster {\n${NATS}\nurl = "http://a.example"\nstandby = true\n}`;
  expect((await told(text)).join("\n")).toContain("an edge cannot stand by");
});
