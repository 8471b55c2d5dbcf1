// What a mount's events become in the journal: each listener's own position, by its burst, its lag and the time it had.
import { describe, expect, test } from "bun:test";
import { followMount } from "../../src/assembly/follow-mount.ts";
import { Journal, type JournalEvent } from "../../src/journal/journal.ts";
import { frames } from "../native/known-audio.ts";
import { FakeSink } from "../output/fake-sink.ts";
import { Stage } from "../output/stage.ts";

const WALL_MS = Date.UTC(2026, 7, 1);

class Followed extends Stage {
  readonly events: JournalEvent[] = [];

  constructor(burstSeconds: number) {
    super({ burstSeconds });
    const journal = new Journal((error) => {
      throw error;
    });
    journal.read((event) => void this.events.push(event));
    const wall = { nowMs: () => WALL_MS + this.clock.now };
    followMount(this.mount, { journal, clock: this.clock, wall });
  }

  /** Audio of the playlist, at once. */
  write(seconds: number): void {
    this.mount.write(this.input, frames(0, seconds * 10, { length: 90, ms: 100 }), this.clock.now);
  }

  of<T extends JournalEvent["type"]>(type: T): Extract<JournalEvent, { type: T }>[] {
    return this.events.filter(
      (event): event is Extract<JournalEvent, { type: T }> => event.type === type,
    );
  }

  retitle(title: string): void {
    this.input.metadata = { artist: "", title };
    this.mount.announce(this.input);
  }
}

describe("a listener", () => {
  test("begins a burst behind the head, and has heard as much as it had time for", () => {
    using stage = new Followed(5);
    stage.write(20);
    const listener = stage.join(new FakeSink());
    stage.clock.now += 3000;
    stage.audience.leave(listener, "test");
    expect(stage.of("joined")[0]?.position).toBeCloseTo(15, 3);
    expect(stage.of("left")[0]?.position).toBeCloseTo(18, 3);
    expect(stage.of("left")[0]).toMatchObject({ atMs: WALL_MS + 3000, isMoved: false, session: 1 });
  });

  test("has heard no more than it was sent", () => {
    using stage = new Followed(5);
    stage.write(20);
    const sink = new FakeSink();
    sink.state = "blocked";
    const listener = stage.join(sink);
    stage.write(20);
    stage.clock.now += 60_000;
    stage.audience.leave(listener, "test");
    expect(stage.of("left")[0]?.position).toBeLessThanOrEqual(20.1);
  });

  test("that is moved ends there and goes on here, at the head", () => {
    using stage = new Followed(5);
    using other = new Followed(5);
    stage.write(20);
    other.write(50);
    stage.join(new FakeSink());
    stage.clock.now += 2000;
    expect(stage.audience.move(other.audience)).toBe(1);
    expect(stage.of("left")[0]).toMatchObject({ isMoved: true, session: 1 });
    expect(stage.of("left")[0]?.position).toBeCloseTo(17, 3);
    expect(other.of("joined")[0]).toMatchObject({ isContinued: true, session: 1 });
    expect(other.of("joined")[0]?.position).toBeCloseTo(50, 3);
  });
});

describe("a title", () => {
  test("is noted where the timeline has it, and when the burst position reached it", () => {
    using stage = new Followed(5);
    stage.write(20);
    stage.retitle("Next");
    expect(stage.of("title").map(({ title }) => title)).toEqual(["Some Song"]);
    stage.clock.now += 8000;
    stage.write(8);
    const [, next] = stage.of("title");
    expect(next).toMatchObject({ title: "Next", isFiller: false });
    expect(next?.position).toBeCloseTo(20, 3);
    // It was reached three seconds before the last write ended.
    expect(next?.atMs).toBeCloseTo(WALL_MS + 8000 - 3000, -1);
  });
});

test("the end of a mount is noted with the end of its timeline", () => {
  const stage = new Followed(5);
  stage.write(20);
  stage[Symbol.dispose]();
  expect(stage.of("end")[0]?.position).toBeCloseTo(20, 3);
});
