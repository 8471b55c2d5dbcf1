// Files that lie beside music need no warning.
import { expect, test } from "bun:test";
import { extname, join } from "node:path";
import { isCompanion } from "../../src/library/companions.ts";
import { schema } from "../../src/config/schema.ts";

const MUSIC = join(import.meta.dir, "..", "..", "music");

test("the shipped music folder holds tracks and companions only, so that a new station is warned of nothing", () => {
  const tracks = schema.blocks.playlist.extensions.default;
  const endings = [...new Bun.Glob("**/*").scanSync(MUSIC)].map((path) => extname(path));
  const strange = endings.filter((ending) => !tracks.includes(ending) && !isCompanion(ending));
  expect(endings.length).toBeGreaterThan(10);
  expect(strange).toEqual([]);
});
