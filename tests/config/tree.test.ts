// Labelled blocks, held to a schema of their own: whose they are, and what is told when one is wrong.
import { describe, expect, test } from "bun:test";
import { count, line, path, secret } from "../../src/config/key.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { blocks } from "../../src/config/schema.ts";
import { Schema } from "../../src/config/tree.ts";
import { Secret } from "../../src/lib/secret.ts";

const about = { scope: "mount", description: "A key of the test." } as const;
const schema = new Schema(blocks, {
  relay: {
    label: "a name",
    max: 3,
    keys: {
      url: line({ ...about, default: "http://localhost/" }),
      retry_seconds: count({ ...about, unit: "seconds", range: [1, 30], default: 5 }),
      login: secret({ ...about, default: new Secret("x") }),
      keep_in: path({ ...about, default: "./kept" }),
    },
  },
});

async function mountsOf(text: string): Promise<unknown[]> {
  const { mounts } = await parseConfig("/srv/radio.hcl", text, {}, schema);
  return mounts.map((mount) => Reflect.get(mount, "relay"));
}

async function problemsOf(text: string): Promise<string[]> {
  try {
    await parseConfig("/srv/radio.hcl", text, {}, schema);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(
      ({ line: at, message, expected }) => `${at}: ${message} (${expected})`,
    );
  }
}

const RELAY = { url: "http://localhost/", retrySeconds: 5, keepIn: "/srv/kept" };

describe("a labelled block", () => {
  test("at the top belongs to the first mount, in a mount block to that one; none is inherited", async () => {
    const text = `
      relay "main" { url = "http://a/" }
      relay "spare" {
        retry_seconds = 9
        keep_in = "/data"
      }
      mount "/jazz" {
        relay "main" { url = "http://jazz/" }
      }
      mount "/plain" { }
    `;
    expect(await mountsOf(text)).toMatchObject([
      [
        { ...RELAY, label: "main", url: "http://a/" },
        { ...RELAY, label: "spare", retrySeconds: 9, keepIn: "/data" },
      ],
      [{ ...RELAY, label: "main", url: "http://jazz/" }],
      [],
    ]);
  });

  test("needs one label, once in a place, and not too many", async () => {
    const text = [
      "relay { }",
      'relay "a" "b" { }',
      'relay "c" { }',
      'relay "c" { }',
      'relay "d" { }',
      'relay "e" { }',
      'relay "f" { }',
    ].join("\n");
    expect(await problemsOf(text)).toEqual([
      '1: a relay block has one label, a name (relay "…" { })',
      '2: a relay block has one label, a name (relay "…" { })',
      '4: relay "c" is given twice (each label once)',
      "7: too many relay blocks (at most 3 relay blocks)",
    ]);
  });

  test("reports an unknown key, a bad value and a block inside it", async () => {
    const text = ['relay "a" {', "  retry = 3", "  retry_seconds = 99", "  buffer { }", "}"].join(
      "\n",
    );
    expect((await problemsOf(text)).map((line) => line.split(" (")[0])).toEqual([
      '2: unknown key "retry" in relay "a"',
      "3: this value is not accepted",
      '4: a block "buffer" in relay "a"',
    ]);
  });

  test("is among the names suggested for an unknown block", async () => {
    expect((await problemsOf("rellay { }"))[0]).toContain("relay, mount");
    expect((await problemsOf('mount "/x" {\n rellay "a" { }\n}'))[0]).toContain(
      "metadata, directory, rules, relay",
    );
  });
});
