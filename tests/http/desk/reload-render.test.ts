// What the desk is told of a configuration that has mistakes.
import { expect, test } from "bun:test";
import { parseConfig } from "../../../src/config/load-config.ts";
import { renderRefusal } from "../../../src/http/desk/reload-render.ts";

async function refusalOf(text: string) {
  return parseConfig("/etc/cycast/config.hcl", text, {}).then(() => null, renderRefusal);
}

test("a mistake comes with what was meant, where that is known", async () => {
  const text = "metadata {\n  station_nmae = 1\n}\nbuffer {\n  burst_seconds = 99\n}\n";
  const [typo, range] = (await refusalOf(text))?.problems ?? [];
  expect(typo).toMatchObject({
    line: 2,
    hint: expect.stringMatching(/^Did you mean .*station_name/),
  });
  expect(range).toMatchObject({ line: 5, expected: "0 to 60 seconds" });
  expect(range).not.toHaveProperty("hint");
});
