// A station that tells its web hook what happens to it.
import { afterAll, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { Alerts } from "../../src/alerts/alerts.ts";
import type { AlertEvent } from "../../src/config/alert-keys.ts";
import { Secret } from "../../src/lib/secret.ts";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { operate } from "../support/operated.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { goLive } from "../support/wire.ts";

const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

const KEY = "s3cret-of-the-hook";

interface Told {
  readonly event: string;
  readonly state: string;
  readonly subject: string;
}

function isSigned(headers: Headers, body: string): boolean {
  const parts = [headers.get("webhook-id"), headers.get("webhook-timestamp"), body];
  const digest = createHmac("sha256", KEY).update(parts.join("."));
  return headers.get("webhook-signature") === `v1,${digest.digest("base64")}`;
}

/** Keeps what it is told, and takes nothing that is not signed. */
function receiver() {
  const told: Told[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text();
      if (!isSigned(request.headers, body)) return new Response("", { status: 401 });
      told.push(JSON.parse(body) as Told);
      return new Response();
    },
  });
  return {
    told,
    names: () => told.map(({ event, state, subject }) => `${event} ${state} ${subject}`),
    url: `http://127.0.0.1:${server.port}/hook`,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

function hook(label: string, url: string, events: readonly AlertEvent[]) {
  return { label, url: new Secret(url), secret: new Secret(KEY), events };
}

test("a source that goes and comes back is told twice, to those who want to know", async () => {
  await using radio = await startStation(testConfig());
  await using ops = await receiver();
  await using other = await receiver();
  const { station } = radio;
  const { log, clock, wall } = station;
  const alerts = new Alerts({ facts: () => station.facts(), log, clock, wall });
  alerts.configure([
    hook("ops", ops.url, ["source_lost"]),
    hook("other", other.url, ["certificate"]),
  ]);
  const hasSource = () => station.facts().mounts[0].hasSource;
  const play = async () => {
    const source = await goLive(radio.sourcePort);
    source.send(concat(...mpegFrames(20)));
    await until("it is live", hasSource);
    return source;
  };

  const source = await play();
  alerts.look(0);
  source.socket.destroy();
  await until("it is gone", () => !hasSource());
  alerts.look(5000);
  alerts.look(20_000);
  await until("it is told", () => ops.told.length === 1);

  using _again = await play();
  alerts.look(25_000);
  alerts.look(90_000);
  await until("its return is told", () => ops.told.length === 2);
  expect(ops.names()).toEqual(["source_lost firing /stream", "source_lost resolved /stream"]);
  expect(other.told).toEqual([]);
  alerts.close();
});

test("a running station tells of trouble by itself, and of none after a reload without alerts", async () => {
  await using ops = await receiver();
  const rest = `alert "ops" {
  url = "${ops.url}"
  secret = "${KEY}"
  events = ["doctor"]
}
playlist { directory = "./nowhere" }
`;
  await using at = await operate(home.path, "told", { rest });
  await until("it is told", () => ops.told.length > 0, 60);
  expect(ops.names()).toEqual(["doctor firing /stream"]);
  await at.write({ rest: 'playlist { directory = "./nowhere" }\n' });
  at.child.kill("SIGHUP");
  await at.has('alert "ops"');
  expect(at.log()).not.toContain(KEY);
});
