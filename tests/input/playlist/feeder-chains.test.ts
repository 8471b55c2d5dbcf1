// A track of several chains, as recordings of a stream are: each chain's title is told where it begins.
import { expect, test } from "bun:test";
import { concat } from "../../format/mpeg-builder.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../../format/ogg-builder.ts";
import { Radio } from "./radio.ts";

const PAGES = Array.from({ length: 25 }, (_, i) => [opusPacket(40, i), opusPacket(40, i + 50)]);

/** A second of Opus. */
function chain(serial: number, ...comments: string[]): Uint8Array {
  return concat(...oggChain({ serial, headers: [opusHead(), opusTags(comments)], pages: PAGES }));
}

/** Two headers and the pages. */
const CHAIN_FRAMES = PAGES.length + 2;

test("each chain's title is announced with its first frame; a chain without one keeps the title", async () => {
  await using radio = await Radio.open();
  const chains = [
    chain(1, "ARTIST=A", "TITLE=One"),
    chain(2, "ARTIST=B", "TITLE=Two"),
    chain(3),
    chain(4, "TITLE=Four"),
  ];
  await Bun.write(radio.path("1.mp3"), concat(...chains));
  const { mount, heard } = radio.stage;
  const told: string[] = [];
  mount.ring.title = (text) => {
    const title = Buffer.from(text).toString().replace(/\0+$/, "");
    told.push(`${heard.length / CHAIN_FRAMES}: ${title}`);
  };
  await radio.play(3.9);
  expect(told).toEqual([
    "0: StreamTitle='A - One';",
    "1: StreamTitle='B - Two';",
    "3: StreamTitle='Four';",
  ]);
  expect(radio.stage.told("now playing ").length).toBe(1);
  await radio.play(0.3);
  expect(told.at(-1)).toBe("4: StreamTitle='A - One';");
});
