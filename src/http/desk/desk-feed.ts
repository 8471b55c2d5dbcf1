// /api/admin/events: what open desks show.
// Gauges such as kbit/s, bytes and lag grow by themselves, so the overview is sampled once a second while a desk is open;
// findings follow the station's events and the ten-second samples, and with these the configuration file is looked at.
import { examine } from "../../doctor/doctor.ts";
import type { StationFacts } from "../../facts/facts.ts";
import { SAMPLE_MS } from "../../facts/watch.ts";
import type { Station } from "../../station/station.ts";
import type { ConfigWatch } from "../../station/config-watch.ts";
import { eventOf, type EventSink, EventStream } from "../event-stream.ts";
import { renderOverview } from "./desk-render.ts";
import { renderPending } from "./reload-render.ts";

const LOOK_MS = 1000;
const LOOKS_PER_SAMPLE = SAMPLE_MS / LOOK_MS;

const PLACES = { total: 50, perClient: 20 };

/** Lines in one event; a desk that missed some asks for the log. */
const MAX_LINES = 100;

interface Desk {
  readonly isSignedIn: () => boolean;
}

export class DeskFeed {
  readonly #stream = new EventStream<Desk>(PLACES, () => this.#begin());
  #sentLines = 0;
  #looks = 0;
  /** An event of the station may have changed the findings. */
  #isStale = false;
  /** The findings sent last. */
  #findings = "";
  /** The comparison of configurations sent last. */
  #configuration = "";

  constructor(
    private readonly station: Station,
    private readonly watch: ConfigWatch,
  ) {}

  hasRoom(owner: string): boolean {
    return this.#stream.hasRoom(owner);
  }

  /** Sends a desk everything at once. Returns what to do when it has gone. */
  join(desk: EventSink, isSignedIn: () => boolean, owner?: string): () => void {
    const leave = this.#stream.join(desk, { isSignedIn }, owner);
    const facts = this.station.facts();
    desk.write(eventOf("overview", JSON.stringify(renderOverview(facts))));
    const pending = this.#pending();
    if (pending !== "") desk.write(eventOf("configuration", pending));
    desk.write(eventOf("doctor", findingsOf(facts)));
    void this.#compare();
    return leave;
  }

  /** Once every LOOK_MS. */
  look(): void {
    const facts = this.station.facts();
    const isSample = ++this.#looks % LOOKS_PER_SAMPLE === 0;
    this.#send("overview", JSON.stringify(renderOverview(facts)));
    this.#sendLines();
    if (isSample || this.#isStale) this.#sendFindings(facts);
    if (isSample) this.#sendHeartbeat(facts);
    if (isSample || this.watch.isStale) void this.#compare();
    this.#stream.end(({ isSignedIn }) => !isSignedIn());
  }

  close(): void {
    this.#stream.close();
  }

  #begin(): Disposable {
    this.#sentLines = this.station.log.tail.count;
    this.#findings = this.#configuration = "";
    const running = new DisposableStack();
    running.use(this.station.events.on("status", () => (this.#isStale = true)));
    running.adopt(
      setInterval(() => this.look(), LOOK_MS),
      clearInterval,
    );
    return running;
  }

  #sendLines(): void {
    const { tail } = this.station.log;
    const lines = tail.since(this.#sentLines, MAX_LINES);
    if (lines.length === 0) return;
    this.#sentLines = tail.count;
    this.#send("log", JSON.stringify({ lines }));
  }

  #sendFindings(facts: StationFacts): void {
    this.#isStale = false;
    const findings = findingsOf(facts);
    if (findings === this.#findings) return;
    this.#findings = findings;
    this.#send("doctor", findings);
  }

  async #compare(): Promise<void> {
    await this.watch.look();
    const pending = this.#pending();
    if (pending === "" || pending === this.#configuration) return;
    this.#configuration = pending;
    this.#send("configuration", pending);
  }

  /** "" while it is not known. */
  #pending(): string {
    const { found } = this.watch;
    return found === null ? "" : JSON.stringify(renderPending(this.station.config.file, found));
  }

  /** A proxy closes a silent connection, and a desk without heartbeats knows that its own is dead. */
  #sendHeartbeat({ mounts, nowMs }: StationFacts): void {
    const time = Math.round(nowMs / 1000);
    const counts = mounts.map(({ path, listeners }) => ({ mount: path, listeners }));
    this.#send("heartbeat", JSON.stringify({ time, mounts: counts }));
  }

  #send(name: string, json: string): void {
    const event = eventOf(name, json);
    void this.#stream.send(() => event);
  }
}

function findingsOf(facts: StationFacts): string {
  return JSON.stringify({ findings: examine(facts) });
}
