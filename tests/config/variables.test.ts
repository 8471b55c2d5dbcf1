// Keys that environment variables set: their names, their values, and what is said about those that set nothing.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { formatProblems } from "../../src/config/format-problems.ts";
import type { Key } from "../../src/config/key.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { schema } from "../../src/config/schema.ts";
import { variableKeys } from "../../src/config/variables.ts";
import { Secret } from "../../src/lib/secret.ts";

const FILE = "/srv/radio/config.hcl";

const parse = (env: Record<string, string>, text = "") => parseConfig(FILE, text, env);

async function problems(env: Record<string, string>, text = ""): Promise<string> {
  const error = await parse(env, text).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error("it is accepted");
  return `${formatProblems(error)}${error.message}`;
}

/** A value as a variable has it. */
function textOf(value: unknown): string {
  if (value instanceof Secret) return value.reveal();
  return Array.isArray(value) ? value.join(", ") : String(value);
}

describe("the name of a variable", () => {
  test("is that of its block and its key, and no two are alike", () => {
    const names = [...variableKeys(schema).keys()];
    const count = schema.blockNames.flatMap((block) => Object.keys(schema.keysOf(block))).length;
    expect(names).toContain("CYCAST_SERVER_SOURCE_PASSWORD");
    expect(names).toContain("CYCAST_BUFFER_SIZE_MB");
    expect(names).toHaveLength(count);
  });

  test.each([...variableKeys(schema)])(
    "%s takes its key's default",
    async (name, key: Key<unknown>) => {
      const config = await parse({ [name]: textOf(key.default) });
      expect(JSON.stringify(config)).toBe(JSON.stringify(await parse({})));
      expect(config.warnings).toEqual([]);
    },
  );
});

test.each(["compose.yaml", "Dockerfile"])("packaging/%s sets keys that exist", async (file) => {
  const text = await Bun.file(join(import.meta.dir, "../../packaging", file)).text();
  const names = Array.from(text.matchAll(/CYCAST_[A-Z]+_\w+/g), ([name]) => name);
  const known = variableKeys(schema);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

describe("a variable", () => {
  test("has the value of its key, of any type", async () => {
    const { server, advanced, mounts } = await parse({
      CYCAST_SERVER_LISTEN_PORT: "9001",
      CYCAST_SERVER_TRUSTED_PROXIES: "10.0.0.0/8, ::1",
      CYCAST_SERVER_SOURCE_PASSWORD: "a secret, with = and blanks ",
      CYCAST_ADVANCED_DEBUG: "true",
      CYCAST_PLAYLIST_LOUDNESS: "off",
      CYCAST_PLAYLIST_TRIM_SILENCE: "1.5",
      CYCAST_PLAYLIST_DIRECTORY: "tracks",
    });
    expect([server.listenPort, advanced.debug]).toEqual([9001, true]);
    expect(server.trustedProxies).toEqual(["10.0.0.0/8", "::1"]);
    const [{ sourcePassword, playlist }] = mounts;
    expect(sourcePassword.equals("a secret, with = and blanks ")).toBe(true);
    expect(playlist).toMatchObject({ loudness: "off", trimSilence: 1.5 });
    expect(playlist.directory).toBe("/srv/radio/tracks");
  });

  test("comes before the file, and a mount's own block before it", async () => {
    const text = `server {
  source_password = env("NOT_SET")
  listen_port = 7001
}
mount "/jazz" {
  source_password = "blue"
}
mount "/rock" { }
`;
    const { server, mounts } = await parse({ CYCAST_SERVER_SOURCE_PASSWORD: "loud" }, text);
    expect(server.listenPort).toBe(7001);
    const passwords = mounts.map(({ sourcePassword }) => sourcePassword.reveal());
    expect(passwords).toEqual(["loud", "blue", "loud"]);
  });

  test("of a name that no key has is named, with the nearest", async () => {
    const { warnings } = await parse({
      CYCAST_SERVER_SOURCE_PASWORD: "x",
      CYCAST_NOTHING_LIKE_IT_AT_ALL_EVER: "y",
      CYCAST_CORE: "build/libradiocore.so",
      CYCAST: "z",
      OTHER_SERVER_HOST: "w",
    });
    const sentence = "sets no key of the configuration.";
    expect(warnings).toEqual([
      `The environment variable CYCAST_SERVER_SOURCE_PASWORD ${sentence} Did you mean "CYCAST_SERVER_SOURCE_PASSWORD"?`,
      `The environment variable CYCAST_NOTHING_LIKE_IT_AT_ALL_EVER ${sentence}`,
    ]);
  });

  test("without a key is named once for at most twenty", async () => {
    const many = Array.from({ length: 500 }, (_, i) => [`CYCAST_X_${i}`, ""] as const);
    expect((await parse(Object.fromEntries(many))).warnings).toHaveLength(20);
  });
});

describe("a value that is not accepted", () => {
  test.each([
    ["CYCAST_SERVER_LISTEN_PORT", "http", "expected: a whole number, 0 to 65535"],
    ["CYCAST_SERVER_LISTEN_PORT", "", "expected: a whole number, 0 to 65535"],
    ["CYCAST_SERVER_LISTEN_PORT", "0x1f", "expected: a whole number, 0 to 65535"],
    ["CYCAST_BUFFER_SIZE_MB", "1e3", "expected: 1 to 1024 MiB"],
    ["CYCAST_ADVANCED_DEBUG", "yes", "expected: true or false"],
    ["CYCAST_SERVER_MOUNT_POINT", "/api", 'expected: a path like "/stream"'],
    ["CYCAST_SERVER_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "expected: a list of at most 64"],
    ["CYCAST_PLAYLIST_FORMAT", "wma", 'expected: "auto" or "mp3"'],
    ["CYCAST_SERVER_SOURCE_PASSWORD", "", "expected: one line of 1 to 1024 characters"],
  ])("in %s, %j, gets the sentences of the file", async (name, value, expected) => {
    const said = await problems({ [name]: value });
    expect(said).toStartWith(`${name}: this value is not accepted\n`);
    expect(said).toContain(expected);
  });

  test("is never shown", async () => {
    const said = await problems({
      CYCAST_SERVER_SOURCE_PASSWORD: "two\nlines-of-a-secret",
      CYCAST_METADATA_STATION_NAME: "two\nlines-of-a-name",
    });
    expect(said).not.toContain("lines-of");
  });

  test("is said beside what is wrong with the file", async () => {
    const text = "server {\n  source_port = 70000\n}\n";
    const said = await problems({ CYCAST_SERVER_LISTEN_PORT: "http" }, text);
    expect(said).toContain("CYCAST_SERVER_LISTEN_PORT: this value");
    expect(said).toContain(`${FILE}:2:17: this value is not accepted`);
    const broken = await problems({ CYCAST_SERVER_LISTEN_PORT: "http" }, "server {\n");
    expect(broken).toContain("is never closed");
  });

  test("may be so because of another one", async () => {
    const both = await problems({
      CYCAST_SERVER_LISTEN_PORT: "8000",
      CYCAST_SERVER_SOURCE_PORT: "8000",
    });
    expect(both).toContain("CYCAST_SERVER_LISTEN_PORT: source_port and listen_port are both 8000");
    const text = "server {\n  listen_port = 9000\n}\n";
    const file = await problems({ CYCAST_SERVER_SOURCE_PORT: "9000" }, text);
    expect(file).toContain(`${FILE}:2:17: source_port and listen_port are both 9000`);
    const mount = 'mount "/jazz" { }\n';
    const path = await problems({ CYCAST_SERVER_MOUNT_POINT: "/jazz" }, mount);
    expect(path).toContain('"/jazz" is server.mount_point already');
  });
});
