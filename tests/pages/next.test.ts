// What the page says comes next, for listeners who are at other places of the timeline than one who joined now.
import { expect, test } from "bun:test";
import { join } from "node:path";

interface Airing {
  readonly fromSeconds: number;
  readonly kind: string;
  readonly title: string;
  readonly artist: string;
}

interface ProgressScript {
  nextName(timeline: { airings: readonly Airing[]; next: object | null }, airing: Airing): string;
}

const PUBLIC = join(import.meta.dir, "..", "..", "public");

const show: Airing = { fromSeconds: 0, kind: "live", title: "The Late Show", artist: "" };
const track: Airing = { fromSeconds: 60, kind: "playlist", title: "Ferry Home", artist: "Tide" };
const next = { title: "Salt", artist: "Mira" };

test("it is what follows the title that this listener hears, never that title itself", async () => {
  Object.assign(globalThis, {
    document: { documentElement: { lang: "en" } },
  });
  const { nextName } = (await import(join(PUBLIC, "progress.js"))) as ProgressScript;
  const timeline = { airings: [show, track], next };
  expect(nextName(timeline, show)).toBe("Tide – Ferry Home");
  expect(nextName(timeline, track)).toBe("Mira – Salt");
  expect(nextName({ ...timeline, next: null }, track)).toBe("");
  expect(nextName({ airings: [track, { ...show, fromSeconds: 90 }], next }, track)).toBe("");
});
