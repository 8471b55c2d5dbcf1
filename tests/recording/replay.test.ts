// Where a recording goes in a playlist's folder.
import { expect, test } from "bun:test";
import { replayPlace } from "../../src/recording/replay.ts";
import { testMount } from "../support/config.ts";
import type { Entry } from "../../src/recording/retention.ts";
import { recordingConfig } from "./studio.ts";

function placeOf(name: string): string {
  const summary = { recording: "shows" } as Entry["summary"];
  const path = `/rec/${name}.mp3`;
  const entry: Entry = { id: "", base: `/rec/${name}`, path, summary, size: 0 };
  const place = replayPlace(entry, "/rec", testMount({ recording: [recordingConfig()] }));
  return "path" in place ? (place.path.split("/").at(-1) ?? "") : place.error;
}

test("its folders are part of its name", () => {
  expect(placeOf("stream/2026-11-29/10-20 Late Show")).toBe(
    "stream 2026-11-29 10-20 Late Show.mp3",
  );
});

test("a name that is too long for the disk is cut at a character, and keeps its ending", () => {
  for (const letter of ["x", "é", "歌", "\u{1f3b6}"]) {
    const name = placeOf(`${letter.repeat(150)}/${letter.repeat(150)}`);
    expect(name).toEndWith(`${letter}.mp3`);
    expect(name.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(name)).toBeWithin(236, 241);
  }
});
