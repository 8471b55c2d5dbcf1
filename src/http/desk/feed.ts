// /api/admin/events: what changes at the station, rendered once for all desks that are open.
import { examine } from "../../doctor/doctor.ts";
import type { NumberedLine } from "../../lib/log-tail.ts";
import type { Station } from "../../station.ts";
import { FairPlaces, LOCAL } from "../fair-places.ts";
import type { StreamSink } from "../../output/sinks/stream-sink.ts";
import { doctorFacts, renderOverview } from "./desk-facts.ts";
import { SAMPLE_MS, type Watch } from "./watch.ts";

export const LOOK_MS = 1000;
const PLACES = { total: 50, perClient: 20 };

/** Lines told in one event; who missed some asks for the log. */
const MAX_LINES = 100;

const LOOKS_PER_SAMPLE = SAMPLE_MS / LOOK_MS;

type Desk = Pick<StreamSink, "write" | "end" | "abort">;

/** The desks that are open, told by one timer that runs only while there are any. */
export class DeskFeed {
  readonly #places = new FairPlaces<Desk>(PLACES);
  /** Each with whether it is still signed in. */
  readonly #desks = new Map<Desk, () => boolean>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #toldLines = 0;
  #looks = 0;
  /** What the doctor said last. */
  #said = "";

  constructor(
    private readonly station: Station,
    private readonly watch: Watch,
  ) {}

  hasRoom(client: string): boolean {
    return this.#places.hasRoom(client);
  }

  /** Tells a desk everything at once. Returns what to do when it has gone. */
  join(desk: Desk, isSignedIn: () => boolean, client = LOCAL): () => void {
    const evicted = this.#places.take(desk, client);
    if (evicted !== undefined) this.#end(evicted);
    if (this.#desks.size === 0) this.#begin();
    this.#desks.set(desk, isSignedIn);
    desk.write(encode("overview", renderOverview(this.station, this.watch)));
    desk.write(encode("doctor", this.#doctor()));
    return () => this.#leave(desk);
  }

  /** Once every LOOK_MS. */
  look(): void {
    this.#looks++;
    this.#tell("overview", renderOverview(this.station, this.watch));
    this.#tellLines();
    if (this.#looks % LOOKS_PER_SAMPLE === 0) this.#tellSample();
    for (const [desk, isSignedIn] of this.#desks) if (!isSignedIn()) this.#end(desk);
  }

  /** Ends every desk's stream. */
  close(): void {
    for (const desk of this.#desks.keys()) this.#end(desk);
  }

  #begin(): void {
    this.#toldLines = this.station.log.tail.count;
    this.#said = "";
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  #doctor() {
    return { findings: examine(doctorFacts(this.station, this.watch)) };
  }

  #tellLines(): void {
    const lines: NumberedLine[] = this.station.log.tail.since(this.#toldLines, MAX_LINES);
    if (lines.length === 0) return;
    this.#toldLines = this.station.log.tail.count;
    this.#tell("log", { lines });
  }

  /** A proxy closes what is silent for too long, and a desk that hears no beat knows that its line is dead. */
  #tellSample(): void {
    this.#tellDoctor();
    const time = Math.round(this.station.wall.nowMs() / 1000);
    const mounts = this.station.all.map(({ mount, audience }) => {
      return { mount: mount.path, listeners: audience.count };
    });
    this.#tell("heartbeat", { time, mounts });
  }

  #tellDoctor(): void {
    const doctor = this.#doctor();
    const said = JSON.stringify(doctor);
    if (said === this.#said) return;
    this.#said = said;
    this.#tell("doctor", doctor);
  }

  /** A desk that does not read loses its connection; its EventSource comes back by itself. */
  #tell(name: string, data: object): void {
    const event = encode(name, data);
    for (const desk of this.#desks.keys()) {
      if (desk.write(event) === "open") continue;
      this.#leave(desk);
      desk.abort();
    }
  }

  #end(desk: Desk): void {
    this.#leave(desk);
    desk.end();
  }

  #leave(desk: Desk): void {
    this.#desks.delete(desk);
    this.#places.leave(desk);
    if (this.#desks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function encode(name: string, data: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
