// An audience over a real ring, its clock and its air in the hands of a test.
import { Audience } from "../../src/output/audience/audience.ts";
import { type Listener, quietContext } from "../../src/output/audience/listener.ts";
import { Mount } from "../../src/mount/mount.ts";
import { FakeInput, keptLog } from "../mount/fake-input.ts";
import { feed } from "../native/known-audio.ts";
import { type TestMount, testMount } from "../support/config.ts";
import { type FakeSink, ManualClock } from "./fake-sink.ts";

/** A frame of 40 ms: 25 a second. */
export const FRAME = { length: 400, ms: 40 };

export const CLIENT = { address: "192.0.2.7", userAgent: "test", wantsIcy: false };

export class Stage implements Disposable {
  readonly clock = new ManualClock();
  readonly lines: readonly string[];
  readonly mount: Mount;
  readonly audience: Audience;
  readonly input = new FakeInput("playlist", "Some Song");

  constructor(config: TestMount = {}, context = quietContext()) {
    const { log, lines } = keptLog();
    this.lines = lines;
    this.mount = new Mount(testMount(config), log, this.clock);
    this.audience = new Audience(this.mount, () => 8192, this.clock, context);
    this.input.ready = true;
    this.mount.attach(this.input);
    this.mount.advance(0);
  }

  /** Throws when the audience is full. */
  join(sink: FakeSink, wantsIcy = false): Listener {
    const listener = this.audience.join({ ...CLIENT, wantsIcy }, sink);
    if (listener === null) throw new Error("the audience is full");
    return listener;
  }

  /** So many frames of the air, each followed by a tick when it is due. */
  play(count: number): void {
    for (let i = 0; i < count; i++) {
      feed(this.mount.ring, 1, FRAME);
      this.pass(FRAME.ms);
    }
  }

  pass(ms: number): void {
    this.clock.now += ms;
    while (this.audience.tick(this.clock.now) > 0);
  }

  get warnings(): string[] {
    return this.lines.filter((line) => line.startsWith("warn"));
  }

  [Symbol.dispose](): void {
    this.audience.close();
    this.mount.close();
  }
}
