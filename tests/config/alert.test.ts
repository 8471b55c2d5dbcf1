// Alerts in the configuration: their addresses are secrets, and what they are told is known.
import { expect, test } from "bun:test";
import { ALERT_EVENTS } from "../../src/config/alert-keys.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { formatProblems } from "../../src/config/format-problems.ts";
import { parseConfig } from "../../src/config/load-config.ts";

async function alertOf(body: string) {
  const { alert } = await parseConfig("config.hcl", `alert "ops" {\n${body}\n}\n`, {});
  return alert.map(({ label, url, secret, events }) => {
    return { label, url: url.reveal(), secret: secret.reveal(), events };
  });
}

test("an alert has an address, and is told everything unless it says what", async () => {
  expect(await alertOf('url = "http://10.0.0.7:8080/hook"')).toEqual([
    { label: "ops", url: "http://10.0.0.7:8080/hook", secret: "", events: ALERT_EVENTS },
  ]);
  const [some] = await alertOf('url = "https://a.example"\nevents = ["doctor", "disk"]');
  expect(some?.events).toEqual(["disk", "doctor"]);
});

test.each([
  ["without an address", 'secret = "s3cret"'],
  ["with another kind of address", 'url = "ftp://a.example/T0KEN"'],
  ["with no address", 'url = "T0KEN"'],
  ["with an unknown event", 'url = "https://a.example/T0KEN"\nevents = ["rain"]'],
  ["with no event", 'url = "https://a.example/T0KEN"\nevents = []'],
])("one %s is a mistake that shows no secret", async (_, body) => {
  const error = await alertOf(body).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  if (error instanceof ConfigError) expect(formatProblems(error)).not.toMatch(/T0KEN|s3cret/);
});
