// The keys of edges and clusters.
import { expect, test } from "bun:test";
import { parseConfig } from "../../src/config/load-config.ts";
import { told } from "./problems-of.ts";

const config = (text: string) => parseConfig("test.hcl", text, {});

test("an edge has one origin or several in their order", async () => {
  const one = await config('edge { origin = "https://a.example" }');
  expect(one.edge.origin.map((url) => url.reveal())).toEqual(["https://a.example"]);
  const two = await config('edge { origin = ["https://a.example", "http://b.example:8001"] }');
  expect(two.edge.origin.map((url) => url.reveal())).toEqual([
    "https://a.example",
    "http://b.example:8001",
  ]);
});

test("an edge of a cluster has an address and a weight", async () => {
  const text = 'cluster { edges = ["https://e1.example/", "http://e2.example:8001  weight=3"] }';
  expect((await config(text)).cluster.edges).toEqual([
    { url: "https://e1.example", weight: 1 },
    { url: "http://e2.example:8001", weight: 3 },
  ]);
});

test.each([
  ['edge { origin = "ftp://a.example" }', "not accepted"],
  ["edge { origin = 5 }", "a number where a string belongs"],
  ['cluster { edges = ["https://u:p@e.example"] }', "not accepted"],
  ['cluster { edges = ["https://e.example/path"] }', "not accepted"],
  ['cluster { edges = ["https://e.example weight=1001"] }', "not accepted"],
  ['cluster { edges = ["https://e.example", "https://e.example/ weight=2"] }', "not accepted"],
  [
    'edge { origin = "https://o.example" }\ncluster { edges = ["https://o.example"] }',
    "the origin is one of cluster.edges",
  ],
  [
    'edge { origin = "https://o.example" }\nrelay_all { url = "https://m.example" }',
    "relay_all.url mirrors a server already",
  ],
])("%s is refused", async (text, why) => {
  expect((await told(text)).join("\n")).toContain(why);
});

test("no secret of a cluster is printed", async () => {
  const said = JSON.stringify(
    await config('cluster { secret = "geheim" }\nedge { origin = "https://u:geheim@o.example" }'),
  );
  expect(said).not.toContain("geheim");
});
