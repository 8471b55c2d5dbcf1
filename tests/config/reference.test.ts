// Holds the shipped config.hcl to the schema, both ways: every key with its sentence and its default, and nothing else.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { describe as describeKey, type Key } from "../../src/config/key.ts";
import { defaultConfig, loadConfig, parseConfig } from "../../src/config/load-config.ts";
import type { Block } from "../../src/config/hcl/outline.ts";
import { scan } from "../../src/config/hcl/scan.ts";
import { labelled, schema } from "../../src/config/schema.ts";
import { Secret } from "../../src/lib/secret.ts";

const { blockNames } = schema;
const file = join(import.meta.dir, "../../config.hcl");
const text = await Bun.file(file).text();
const blocks = scan(text).items.filter((item): item is Block => item.kind === "block");

/** The comment lines right above an offset, as one text. */
function commentAbove(offset: number): string {
  const above = text.slice(0, text.lastIndexOf("\n", offset)).split("\n");
  const first = above.findLastIndex((line) => !line.trim().startsWith("#")) + 1;
  return above
    .slice(first)
    .map((line) => line.trim().slice(2))
    .join(" ");
}

function valueOf({ default: value }: Key<unknown>): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

/** Key, sentence and value of each attribute. The shipped values are valid JSON too. */
function written(block: Block): unknown[] {
  return block.items.map((item) =>
    item.kind === "attribute"
      ? [
          item.name.text,
          commentAbove(item.start),
          JSON.parse(text.slice(item.value.start, item.value.end)),
        ]
      : item,
  );
}

describe("the shipped configuration", () => {
  test("has the blocks of the schema", () => {
    expect(blocks.map((block) => block.name.text)).toEqual([...blockNames]);
    expect(scan(text).items).toHaveLength(blockNames.length);
  });

  test.each(blockNames)(
    "has every key of %s with its sentence and its default, and no other",
    (name) => {
      const block = blocks.find((candidate) => candidate.name.text === name);
      const expected = Object.entries(schema.keysOf(name)).map(([key, about]) => [
        key,
        describeKey(about),
        valueOf(about),
      ]);
      expect(block && written(block)).toEqual(expected);
    },
  );

  test("means the defaults", async () => {
    expect(JSON.stringify(await loadConfig(file, {}))).toBe(JSON.stringify(defaultConfig(file)));
  });

  test("has an example of a mount that works once its # are taken away", async () => {
    const example = text.slice(text.indexOf('# mount "')).replaceAll(/^# ?/gm, "");
    const config = await parseConfig(file, text + example, { JAZZ_PASSWORD: "blue" });
    expect(config.mounts.map(({ path }) => path)).toEqual(["/stream", "/jazz"]);
    expect(config.mounts[1]?.sourcePassword.equals("blue")).toBe(true);
  });

  const examples = text.slice(text.indexOf('# account "')).replaceAll(/^# ?/gm, "");
  const example = (name: string) =>
    new RegExp(`^${name} "[^"]+" \\{\\n.*?^\\}\\n`, "ms").exec(examples)?.[0] ?? "";

  test.each(Object.entries(labelled))("has an example of %s with every key", (name, { keys }) => {
    const [block] = scan(example(name)).items;
    const written = block?.kind === "block" ? block.items : [];
    const names = written.map((item) => (item.kind === "attribute" ? item.name.text : ""));
    expect(names.toSorted()).toEqual(Object.keys(keys).toSorted());
  });

  test("has examples that work together once their # are taken away", async () => {
    const variables = {
      ANNA_PASSWORD: "blue",
      JAZZ_PASSWORD: "green",
      HOOK_SECRET: "red",
      DISCORD_HOOK: "https://hooks.example/chat",
      GRAFANA_TOKEN_HASH: `sha256:${"0".repeat(64)}`,
    };
    const all = [...Object.keys(labelled), "mount"].map(example).join("");
    const config = await parseConfig(file, text + all, variables);
    const [first] = config.mounts;
    expect([first?.recording, first?.push, first?.relay].map((made) => made?.length)).toEqual([
      1, 1, 1,
    ]);
  });
});
