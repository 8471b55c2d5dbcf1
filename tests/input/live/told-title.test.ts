// A title told beside a live Ogg source: in its stream, and what a listener who joins later is sent first.
import { expect, test } from "bun:test";
import { LiveSource } from "../../../src/input/live/live.ts";
import { concat } from "../../format/mpeg-builder.ts";
import { oggChain, opusHead, opusPacket, opusTags } from "../../format/ogg-builder.ts";
import { Stage } from "../stage.ts";

const CLIENT = { address: "192.0.2.7", userAgent: "Encoder/1", showName: "Show", metaint: null };
const TOLD = { artist: "A", title: "T" };

const seconds = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: 50 }, (_, j) => opusPacket(30, 50 * i + j)),
  );

function live(stage: Stage): LiveSource {
  const source = new LiveSource(stage.mount, CLIENT);
  stage.mount.attach(source);
  return source;
}

const titlesIn = (stage: Stage) =>
  [...stage.audio.toString("latin1").matchAll(/TITLE=(Own|T)/g)].map(([, title]) => title);

test("enters the stream with the next page, once", () => {
  using stage = new Stage();
  const source = live(stage);
  const pages = oggChain({ pages: seconds(6) });
  source.push(concat(...pages.slice(0, 3)), stage.clock.ms);
  stage.mount.retitle(TOLD, stage.clock.ms);
  expect(stage.mount.metadata).toEqual(TOLD);
  for (const page of pages.slice(3)) {
    stage.mount.retitle(TOLD, stage.clock.ms);
    source.push(page, stage.clock.ms);
  }
  expect(titlesIn(stage)).toEqual(["T"]);
  expect(source.metadata).toEqual(TOLD);
  expect(stage.mount.timeline.airings.map(({ metadata }) => metadata.title)).toEqual(["Show", "T"]);
  const { ring } = stage.mount;
  const heard = Buffer.from(ring.memory.subarray(ring.seek(0), ring.head));
  expect(heard.toString("latin1")).not.toContain("TITLE");
});

test("before the source enters it when the source is heard, unless the source names its own", () => {
  for (const [list, wanted] of [
    [[], "T"],
    [["TITLE=Own"], "Own"],
  ] as const) {
    using stage = new Stage();
    stage.mount.retitle(TOLD, stage.clock.ms);
    const headers = [opusHead(), opusTags(list)];
    const source = live(stage);
    for (const page of oggChain({ headers, pages: seconds(4) })) source.push(page, stage.clock.ms);
    expect(titlesIn(stage)).toEqual([wanted]);
    expect(stage.mount.metadata.title).toBe(wanted);
  }
});
