// A mount whose source is recorded, and listeners of its past, with the time in the hands of a test.
import { Audience } from "../../src/output/audience/audience.ts";
import { type Listener, quietContext } from "../../src/output/audience/listener.ts";
import { Replays } from "../../src/output/audience/replays.ts";
import type { Ticket } from "../../src/output/audience/ticket.ts";
import type { Frames, StreamFormat } from "../../src/format/frame.ts";
import { Dj, settled, Studio } from "../recording/studio.ts";
import { FakeSink } from "./fake-sink.ts";
import { CLIENT } from "./stage.ts";

export class PastStudio extends Studio {
  readonly audience: Audience;
  readonly replays: Replays;
  turn: (() => void) | null = null;
  dj: Dj = new Dj("");

  constructor(
    readonly format: StreamFormat,
    start: string,
    rewindSeconds: number,
  ) {
    const mount = { burstSeconds: 1, rewindSeconds, bufferBytes: 8 << 20 };
    super({ when: "live" }, start, mount);
    const clock = { nowMs: () => this.nowMs };
    this.audience = new Audience(this.mount, () => 8192, clock, quietContext());
    this.replays = new Replays(this.audience, this.audience, clock, (_, run) => {
      this.turn = run;
      return () => void (this.turn = null);
    });
    this.playlist.ready = false;
    this.attach(new Dj("Show", "anna"), "First");
  }

  attach(dj: Dj, title: string): void {
    dj.format = this.format;
    dj.metadata = { artist: "", title };
    this.mount.attach(dj);
    dj.ready = true;
    this.dj = dj;
  }

  /** What the source sends at once. */
  async send(batches: readonly Frames[]): Promise<void> {
    for (const frames of batches) this.play(this.dj, 0, frames);
    await this.round();
  }

  async round(): Promise<void> {
    for (let part = 0; part < 2; part++) {
      await this.work();
      this.nowMs -= 1000;
      this.turn?.();
      this.audience.tick(this.nowMs);
      await settled();
    }
  }

  join(ticket: Ticket, sink: FakeSink): Listener {
    const listener = this.replays.join({ ...CLIENT, ticket }, sink);
    if (listener === null) throw new Error("no room");
    return listener;
  }

  at(secondsBack: number): Ticket {
    const asked = { kind: "ago", seconds: secondsBack } as const;
    return this.#ticket(this.audience.tickets.issue(asked, 1));
  }

  async resume(token: string, bytes: number): Promise<Ticket> {
    const asked = { kind: "resume", token, bytes } as const;
    await this.audience.tickets.prepare(asked);
    return this.#ticket(this.audience.tickets.issue(asked, 1));
  }

  #ticket(ticket: ReturnType<Audience["tickets"]["issue"]>): Ticket {
    if ("sentence" in ticket) throw new Error(ticket.sentence);
    return ticket;
  }

  get ring(): Buffer {
    return Buffer.concat(this.heard);
  }

  /** The ring takes listeners who were only in the recordings' reach. */
  widen(): void {
    const { config } = this.mount;
    const buffer = { ...config.buffer, rewindSeconds: 3600 };
    this.mount.reconfigure({ ...config, buffer });
  }

  override [Symbol.dispose](): void {
    this.audience.close();
    super[Symbol.dispose]();
  }
}
