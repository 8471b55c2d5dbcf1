// Web hooks in the configuration.
import { expect, test } from "bun:test";
import { HOOK_EVENTS } from "../../src/config/hook-keys.ts";
import { formatProblems } from "../../src/config/format-problems.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problem.ts";

async function hookOf(body: string) {
  const { hook } = await parseConfig("config.hcl", `hook "chat" {\n${body}\n}\n`, {});
  return hook.map(({ url, secret, ...rest }) => {
    return { url: url.reveal(), secret: secret.reveal(), ...rest };
  });
}

test("a hook gets everything as JSON, of all mounts and at public addresses, unless it says otherwise", async () => {
  expect(await hookOf('url = "https://a.example/hook"')).toEqual([
    {
      ...{ label: "chat", url: "https://a.example/hook", secret: "", format: "json" },
      ...{ events: HOOK_EVENTS, mounts: [], allowPrivate: false },
    },
  ]);
  const [some] = await hookOf(
    'url = "https://a.example"\nformat = "telegram"\nevents = ["live_ends", "title"]\nmounts = ["/jazz"]',
  );
  expect(some).toMatchObject({ format: "telegram", events: ["title", "live_ends"] });
  expect(some?.mounts).toEqual(["/jazz"]);
});

test.each([
  ["without an address", 'secret = "s3cret"'],
  ["with another kind of address", 'url = "file:///T0KEN"'],
  ["with an unknown format", 'url = "https://a.example/T0KEN"\nformat = "smoke"'],
  ["with an unknown event", 'url = "https://a.example/T0KEN"\nevents = ["rain"]'],
  ["with no mount", 'url = "https://a.example/T0KEN"\nmounts = ["/"]'],
])("one %s is a mistake that shows no secret", async (_, body) => {
  const error = await hookOf(body).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  if (error instanceof ConfigError) expect(formatProblems(error)).not.toMatch(/T0KEN|s3cret/);
});
