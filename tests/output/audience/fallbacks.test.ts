// Where listeners go while their mount has nothing to play, and who comes back.
import { describe, expect, test } from "bun:test";
import type { StreamFormat } from "../../../src/format/frame.ts";
import { Fallbacks } from "../../../src/output/audience/fallbacks.ts";
import type { Audience } from "../../../src/output/audience/audience.ts";
import { type Listener, quietContext } from "../../../src/output/audience/listener.ts";
import { CD_QUALITY, FakeInput } from "../../mount/fake-input.ts";
import type { TestMount } from "../../support/config.ts";
import { FakeSink } from "../fake-sink.ts";
import { audio, feed, frames } from "../../native/known-audio.ts";
import { CLIENT, FRAME, Stage } from "../stage.ts";

const MONO: StreamFormat = { ...CD_QUALITY, channels: 1 };

/** Mounts whose only input is silence until it is switched on. */
class Theatre implements Disposable {
  readonly #stages = new Map<string, Stage>();
  readonly #context = quietContext();
  /** What the fallbacks want to do again. */
  readonly again: (() => void)[] = [];
  readonly fallbacks = new Fallbacks(
    () => this.#stages,
    (_, run) => void this.again.push(run),
  );

  constructor(mounts: Readonly<Record<string, TestMount>>) {
    for (const [path, config] of Object.entries(mounts)) this.#add(path, config);
  }

  #add(path: string, config: TestMount): void {
    const stage = new Stage({ path, burstSeconds: 0, ...config }, this.#context);
    this.#stages.set(path, stage);
    stage.input.ready = false;
    stage.mount.attach(new FakeInput("silence"));
    stage.mount.advance(0);
    this.fallbacks.setPath(path, config.fallback ?? "");
    stage.mount.events.on("onAir", () => this.fallbacks.follow(stage.audience));
    stage.mount.events.on("format", () => this.fallbacks.followFormat(stage.audience));
  }

  of(path: string): Stage {
    const stage = this.#stages.get(path);
    if (stage === undefined) throw new Error(`no ${path}`);
    return stage;
  }

  /** Returns what the caller has to dispose of. */
  remove(path: string): Stage {
    const stage = this.of(path);
    this.#stages.delete(path);
    return stage;
  }

  /** The mounts play or do not. */
  play(...paths: string[]): void {
    for (const path of paths) this.#turn(path, true);
  }

  quiet(...paths: string[]): void {
    for (const path of paths) this.#turn(path, false);
  }

  #turn(path: string, isReady: boolean): void {
    const { mount, input } = this.of(path);
    input.ready = isReady;
    mount.advance(0);
  }

  /** The input on air writes a frame. */
  write(path: string): void {
    const { mount } = this.of(path);
    if (mount.onAir !== null) mount.write(mount.onAir, frames(mount.ring.head, 1, FRAME), 0);
  }

  /** As a request for the mount does; null if it is full. */
  join(path: string, sink = new FakeSink()): Listener | null {
    const { audience, away } = this.fallbacks.heard(this.of(path).audience);
    return audience.hasRoom ? audience.join({ ...CLIENT, away }, sink) : null;
  }

  where(...listeners: (Listener | null)[]): string[] {
    return listeners.map((listener) => {
      // Every owner of a listener is an audience.
      return listener === null ? "full" : (listener.audience as Audience).mount.path;
    });
  }

  [Symbol.dispose](): void {
    for (const stage of this.#stages.values()) stage[Symbol.dispose]();
  }
}

describe("a mount without a programme", () => {
  test("sends its listeners to its fallback, and gets back those who came from it and no others", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    theatre.play("/live", "/auto");
    const own = [theatre.join("/live"), theatre.join("/live")];
    const other = theatre.join("/auto");
    theatre.quiet("/live");
    expect(theatre.where(...own, other)).toEqual(["/auto", "/auto", "/auto"]);
    theatre.play("/live");
    expect(theatre.where(...own, other)).toEqual(["/live", "/live", "/auto"]);
  });

  test("sends new listeners there, and gets them back too", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    theatre.play("/auto");
    const joined = theatre.join("/live");
    expect(theatre.where(joined)).toEqual(["/auto"]);
    theatre.play("/live");
    expect(theatre.where(joined)).toEqual(["/live"]);
  });

  test("keeps them while its fallback has none either, and sends them once that has", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    const joined = theatre.join("/live");
    expect(theatre.where(joined)).toEqual(["/live"]);
    theatre.play("/auto");
    expect(theatre.where(joined)).toEqual(["/auto"]);
  });

  test("sends them along the chain, and each mount on it gets them back in its turn", () => {
    using theatre = new Theatre({
      "/a": { fallback: "/b" },
      "/b": { fallback: "/c" },
      "/c": {},
    });
    theatre.play("/a", "/b", "/c");
    const [a, b] = [theatre.join("/a"), theatre.join("/b")];
    theatre.quiet("/a");
    expect(theatre.where(a, b)).toEqual(["/b", "/b"]);
    theatre.quiet("/b");
    expect(theatre.where(a, b)).toEqual(["/c", "/c"]);
    theatre.play("/b");
    expect(theatre.where(a, b)).toEqual(["/b", "/b"]);
    theatre.play("/a");
    expect(theatre.where(a, b)).toEqual(["/a", "/b"]);
    theatre.quiet("/b", "/a");
    expect(theatre.where(a, b)).toEqual(["/c", "/c"]);
    theatre.play("/a");
    expect(theatre.where(a, b)).toEqual(["/a", "/c"]);
  });

  test("loses nothing that was written before they go", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    theatre.play("/live", "/auto");
    const sink = new FakeSink();
    theatre.of("/live").audience.join(CLIENT, sink);
    feed(theatre.of("/live").mount.ring, 3, FRAME);
    theatre.quiet("/live");
    theatre.of("/auto").play(2);
    expect(sink.bytes.length).toBe(5 * 400);
  });

  test("sends who does not read once it has read what it is due, there and back", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    theatre.play("/live", "/auto");
    const [live, auto] = [theatre.of("/live"), theatre.of("/auto")];
    const sink = new FakeSink();
    const joined = theatre.join("/live", sink);
    sink.state = "blocked";
    live.play(3);
    theatre.quiet("/live");
    expect([theatre.where(joined), theatre.again.length]).toEqual([["/live"], 1]);
    theatre.again.shift()?.();
    expect([theatre.where(joined), theatre.again.length]).toEqual([["/live"], 1]);
    sink.drain();
    theatre.again.shift()?.();
    expect([theatre.where(joined), theatre.again.length]).toEqual([["/auto"], 0]);
    expect(sink.bytes.equals(audio(0, 1200))).toBe(true);
    sink.state = "blocked";
    auto.play(1);
    theatre.play("/live");
    expect(theatre.where(joined)).toEqual(["/auto"]);
    sink.drain();
    theatre.again.shift()?.();
    expect([theatre.where(joined), theatre.again.length]).toEqual([["/live"], 0]);
  });

  test("sends as many as there is room for, and the others to the next in the chain", () => {
    using theatre = new Theatre({
      "/a": { fallback: "/b" },
      "/b": { fallback: "/c", maxListeners: 1 },
      "/c": {},
    });
    theatre.play("/a", "/b", "/c");
    const joined = [theatre.join("/a"), theatre.join("/a")];
    theatre.quiet("/a");
    expect(theatre.where(...joined)).toEqual(["/b", "/c"]);
  });
});

test("who stays at a mount's address hears the nearest programme that fits, or its own silence", () => {
  using theatre = new Theatre({ "/a": { fallback: "/b" }, "/b": { fallback: "/c" }, "/c": {} });
  const heard = (fits = (_: string) => true) => {
    const { mount } = theatre.of("/a").audience;
    return theatre.fallbacks.programmeOf(mount, ({ path }) => fits(path)).path;
  };
  expect(heard()).toBe("/a");
  theatre.play("/c");
  expect(heard()).toBe("/c");
  theatre.play("/b");
  expect(heard()).toBe("/b");
  expect(heard((path) => path !== "/b")).toBe("/c");
  expect(heard(() => false)).toBe("/a");
  theatre.play("/a");
  expect(heard()).toBe("/a");
});

describe("formats are compared whole", () => {
  test("listeners stay where the fallback has other channels, and are not taken back into others", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    theatre.of("/auto").input.format = MONO;
    theatre.play("/live", "/auto");
    theatre.write("/live");
    const joined = theatre.join("/live");
    theatre.quiet("/live");
    expect(theatre.where(joined, theatre.join("/live"))).toEqual(["/live", "/live"]);
    theatre.of("/auto").input.format = CD_QUALITY;
    theatre.quiet("/auto");
    theatre.play("/auto");
    expect(theatre.where(joined)).toEqual(["/auto"]);
    theatre.of("/live").input.format = MONO;
    theatre.play("/live");
    expect(theatre.where(joined)).toEqual(["/auto"]);
  });

  test("who is taken back where silence was in another format is not ended by the change", () => {
    using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
    const live = theatre.of("/live");
    live.input.format = theatre.of("/auto").input.format = MONO;
    theatre.play("/live", "/auto");
    theatre.write("/auto");
    theatre.write("/live");
    const joined = theatre.join("/live");
    theatre.quiet("/live");
    theatre.write("/live");
    const waiting = live.audience.join(CLIENT, new FakeSink());
    theatre.play("/live");
    expect(theatre.where(joined)).toEqual(["/auto"]);
    theatre.write("/live");
    expect(theatre.where(joined)).toEqual(["/live"]);
    expect(live.audience.stateOf(joined ?? fail())).not.toBeNull();
    expect(live.audience.stateOf(waiting ?? fail())).toBeNull();
  });
});

function fail(): never {
  throw new Error("nobody joined");
}

describe("a full mount", () => {
  const full = { maxListeners: 1, fallbackWhenFull: true };

  test("sends new listeners on, through full ones, to one that has room", () => {
    using theatre = new Theatre({
      "/a": { fallback: "/b", ...full },
      "/b": { fallback: "/c", ...full },
      "/c": { maxListeners: 1 },
    });
    theatre.play("/a", "/b", "/c");
    const joined = Array.from({ length: 4 }, () => theatre.join("/a"));
    expect(theatre.where(...joined)).toEqual(["/a", "/b", "/c", "full"]);
  });

  test("refuses them without fallback_when_full, and where the fallback does not play", () => {
    using theatre = new Theatre({
      "/a": { fallback: "/c", maxListeners: 1 },
      "/b": { fallback: "/quiet", ...full },
      "/c": {},
      "/quiet": {},
    });
    theatre.play("/a", "/b", "/c");
    for (const path of ["/a", "/b"]) {
      theatre.join(path);
      expect(theatre.where(theatre.join(path))).toEqual(["full"]);
    }
  });

  test("does not take back those whom it sent on", () => {
    using theatre = new Theatre({ "/a": { fallback: "/b", ...full }, "/b": {} });
    theatre.play("/a", "/b");
    const [first, second] = [theatre.join("/a"), theatre.join("/a")];
    first?.audience.leave(first, "test");
    theatre.quiet("/a");
    theatre.play("/a");
    expect(theatre.where(second)).toEqual(["/b"]);
  });
});

test("a mount that was removed takes nobody back, whatever its inputs do", () => {
  using theatre = new Theatre({ "/live": { fallback: "/auto" }, "/auto": {} });
  theatre.play("/live", "/auto");
  const joined = theatre.join("/live");
  const { audience } = theatre.of("/live");
  using _removed = theatre.remove("/live");
  theatre.fallbacks.leave(audience);
  theatre.fallbacks.follow(audience);
  theatre.fallbacks.followFormat(audience);
  expect(theatre.where(joined)).toEqual(["/auto"]);
});

test("a command's circle moves nobody for ever", () => {
  using theatre = new Theatre({ "/a": { fallback: "/b" }, "/b": { fallback: "/a" } });
  theatre.play("/a", "/b");
  const joined = theatre.join("/a");
  theatre.quiet("/a");
  expect(theatre.where(joined)).toEqual(["/b"]);
  theatre.quiet("/b");
  expect(theatre.where(joined, theatre.join("/a"))).toEqual(["/b", "/a"]);
  theatre.play("/a");
  expect(theatre.where(joined)).toEqual(["/a"]);
});
