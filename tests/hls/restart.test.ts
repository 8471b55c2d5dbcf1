// What a player finds that follows a mount over a restart of the station.
import { describe, expect, test } from "bun:test";
import { HlsStation } from "../../src/hls/hls-station.ts";
import { Numbering } from "../../src/hls/numbering.ts";
import { createLog } from "../../src/lib/log.ts";
import { Rounds } from "../../src/lib/rounds.ts";
import type { Mount } from "../../src/mount/mount.ts";
import { Air, Radio, read, START_MS } from "./hls-rig.ts";

/** A run that plays for a while and ends; what it has noted. */
function endedRun(seconds: number, isClean: boolean) {
  const air = new Air();
  const radio = new Radio(air);
  radio.play(seconds);
  const last = () => read(radio.list.text).segments.at(-1)!;
  radio[Symbol.dispose]();
  if (isClean) air.numbering.stop();
  const { playlist } = radio.hls;
  return { air, last: playlist === null ? null : last(), noted: air.numbering.noted };
}

/** The next run, so many seconds later. */
function nextRun({ air, noted }: ReturnType<typeof endedRun>, afterSeconds: number) {
  const next = new Air(START_MS, air.wallMs + afterSeconds * 1000, "later");
  next.numbering = new Numbering(next.wall);
  next.numbering.restore(noted);
  const radio = new Radio(next);
  radio.play(20);
  const list = read(radio.list.text);
  radio[Symbol.dispose]();
  return list;
}

describe("after a restart", () => {
  test("the numbers go on with the next one, behind a discontinuity", () => {
    const before = endedRun(300, true);
    const after = nextRun(before, 5);
    expect(after.sequence).toBe(before.last!.number + 1);
    expect(after.discontinuities).toBeGreaterThan(before.last!.discontinuity);
  });

  test("the media timeline goes on, so that no timestamp goes back", () => {
    const parts = {
      log: createLog(() => undefined),
      rounds: new Rounds(),
      fallbacks: { programmeOf: (mount: Mount) => mount },
      artworks: { idOf: () => null },
    };
    const startedAt = (nowMs: number) =>
      new HlsStation({ ...parts, wall: { nowMs: () => nowMs } }, null);
    const [before, after] = [startedAt(START_MS), startedAt(START_MS + 60_000)];
    expect(after.epochMs).toBe(before.epochMs);
    expect(after.epochMs).toBeLessThan(START_MS);
  });

  test("that was none but a crash, the numbers are ahead of all that may have been used", () => {
    const before = endedRun(300, false);
    expect(nextRun(before, 5).sequence).toBeGreaterThan(before.last!.number + 500);
  });

  test("after a day, the numbers are those of the date", () => {
    const before = endedRun(300, true);
    expect(nextRun(before, 86_400).sequence).toBeGreaterThan(before.last!.number + 80_000);
  });

  test("that sets the clock back, no number is used again", () => {
    const before = endedRun(300, true);
    expect(nextRun(before, -3600).sequence).toBeGreaterThan(before.last!.number);
  });

  test("numbers of a file that a crash has left behind are not taken for a clean end's", () => {
    const numbering = new Numbering({ nowMs: () => START_MS });
    const stopped = { segment: 99_999_999, discontinuity: 9, stoppedMs: START_MS - 1000 };
    numbering.restore(new Map([["/a", stopped]]));
    expect(numbering.begin("/a").segment).toBe(99_999_999);
    expect(numbering.noted.get("/a")?.stoppedMs).toBeUndefined();
    expect(numbering.begin("/a").segment).toBeGreaterThan(99_999_999 + 1000);
  });
});

test("a mount that ends with the station ends no playlist, lists nothing that is gone, and answers clients that wait", async () => {
  const air = new Air();
  const radio = new Radio(air);
  radio.play(20);
  const { list } = radio;
  const before = read(list.text).segments.length;
  const waiting = list.waiting.wait(() => false, 60_000);
  radio[Symbol.dispose]();
  expect(await waiting).toBe(true);
  expect(read(list.text).isEnded).toBe(false);
  expect(read(list.text).segments.length).toBe(before);
});
