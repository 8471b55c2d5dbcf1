// How far back a mount can be listened to, and the memory that this takes.
import { describe, expect, test } from "bun:test";
import type { Clock } from "../../src/lib/clock.ts";
import { Mount } from "../../src/mount/mount.ts";
import { frames } from "../native/known-audio.ts";
import { type TestMount, testMount } from "../support/config.ts";
import { FakeInput, keptLog } from "./fake-input.ts";

const MIB = 1 << 20;

/** 40 ms: 20 kB a second. */
const FRAME = { length: 800, ms: 40 };

class Radio implements Disposable {
  readonly mount: Mount;
  readonly input = new FakeInput("playlist", "Some Song");
  wallMs = Date.UTC(2026, 10, 29, 10);

  constructor(config: TestMount) {
    const wall: Clock = { nowMs: () => this.wallMs };
    this.mount = new Mount(testMount(config), keptLog().log, wall);
    this.input.ready = true;
    this.mount.attach(this.input);
  }

  play(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.mount.write(this.input, frames(this.mount.ring.head, 25, FRAME), 0);
      this.wallMs += 1000;
    }
  }

  [Symbol.dispose](): void {
    this.mount.close();
  }
}

describe("a mount", () => {
  test("can be rewound as far as there is audio, and at most as far as is configured", () => {
    using radio = new Radio({ rewindSeconds: 60 });
    const { rewind } = radio.mount;
    expect(rewind.reachSeconds).toBe(0);
    radio.play(20);
    expect(rewind.reachSeconds).toBe(20);
    radio.play(100);
    expect(rewind.reachSeconds).toBe(60);
  });

  test("cannot be rewound if that is off, and takes no more memory then", () => {
    using radio = new Radio({ rewindSeconds: 0 });
    radio.play(300);
    expect(radio.mount.rewind.reachSeconds).toBe(0);
    expect(radio.mount.ring.capacity).toBe(MIB);
  });

  test("grows until it holds what is configured, losing nothing, and no further", () => {
    using radio = new Radio({ rewindSeconds: 600 });
    const { mount } = radio;
    radio.play(500);
    expect(mount.ring.tail).toBe(0);
    radio.play(1000);
    expect(mount.rewind.reachSeconds).toBe(600);
    expect(mount.ring.capacity).toBe(14 * MIB);
    expect(mount.ring.lag(mount.ring.tail)).toBeGreaterThan(630);
  });

  test("gives memory back when less is configured", () => {
    using radio = new Radio({ rewindSeconds: 600 });
    radio.play(1000);
    radio.mount.reconfigure(testMount({ rewindSeconds: 60 }));
    expect(radio.mount.ring.capacity).toBe(2 * MIB);
    expect(radio.mount.rewind.reachSeconds).toBe(60);
    radio.mount.reconfigure(testMount({ rewindSeconds: 0 }));
    expect(radio.mount.ring.capacity).toBe(2 * MIB);
    radio.mount.reconfigure(testMount({ rewindSeconds: 3600 }));
    radio.play(3700);
    expect(radio.mount.rewind.reachSeconds).toBe(3600);
  });

  test("offers nothing from before a change of format", () => {
    using radio = new Radio({ rewindSeconds: 60 });
    radio.play(50);
    radio.input.format = { codec: "aac", sampleRate: 44_100, channels: 2 };
    radio.play(10);
    expect(radio.mount.rewind.reachSeconds).toBe(10);
  });

  test("knows the time of day of its audio", () => {
    using radio = new Radio({ rewindSeconds: 60 });
    const { rewind } = radio.mount;
    expect([rewind.wallMsAt(0), rewind.secondsBackTo(0)]).toEqual([null, null]);
    radio.play(100);
    expect(rewind.wallMsAt(30)).toBe(Date.UTC(2026, 10, 29, 10, 1, 9));
    expect(rewind.secondsBackTo(Date.UTC(2026, 10, 29, 10, 1, 9))).toBe(30);
    expect(rewind.secondsBackTo(Date.UTC(2026, 10, 29, 11))).toBeLessThan(0);
  });
});
