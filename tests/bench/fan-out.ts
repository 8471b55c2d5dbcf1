// One measurement: a server, a source, a crowd, a window; and what it came to.
import { type CrowdReport, LoadProgram } from "./load/load-program.ts";
import type { Peer, Place } from "./peers.ts";
import { busySeconds, residentMB } from "./process.ts";

const PATH = "/stream";
const POLL_MS = 50;

/** Of a second each, until a server that has taken a source plays it. */
const MOST_TRIES = 5;

export interface Scenario {
  readonly listeners: number;
  readonly stalled: number;
  readonly icy: boolean;
  /** kbit/s */
  readonly bitrate: number;
  /** 0: all in one instant. */
  readonly rampSeconds: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
  /** The status document is asked for meanwhile, at a cost of its own. */
  readonly asksStatus: boolean;
  /** How often it is measured; the one of the median CPU stands. */
  readonly repeats: number;
}

export interface Figures {
  readonly peer: string;
  readonly scenario: Scenario;
  readonly report: CrowdReport;
  readonly cpuSecondsPerGB: number;
  readonly cpuPercentPer1000: number;
  /** At the end of the window. */
  readonly residentMB: number;
  /** Of the status document meanwhile; null where there is none. */
  readonly statusP99Ms: number | null;
  readonly late: { readonly p99: number; readonly max: number } | null;
}

/** What it takes to ask for the status while the crowd listens. */
class StatusPoll {
  readonly #tookMs: number[] = [];
  #isOver = false;

  constructor(private readonly url: string | null) {}

  async run(): Promise<void> {
    while (this.url !== null && !this.#isOver) {
      const askedMs = performance.now();
      const answer = await fetch(this.url);
      await answer.arrayBuffer();
      this.#tookMs.push(performance.now() - askedMs);
      await Bun.sleep(POLL_MS);
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  get p99Ms(): number | null {
    const sorted = this.#tookMs.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * 0.99)] ?? null;
  }
}

interface Sample {
  readonly cpuSeconds: number;
  readonly residentMB: number;
}

async function sample(pid: number): Promise<Sample> {
  return { cpuSeconds: await busySeconds(pid), residentMB: await residentMB(pid) };
}

async function lateness({ statusUrl }: Place): Promise<Figures["late"]> {
  if (statusUrl === null) return null;
  const answer = await fetch(statusUrl.replace(/status$/, "stats?limit=0"));
  const { late_ms } = (await answer.json()) as { late_ms: { p99: number; max: number } };
  return late_ms;
}

function crowdWords(port: number, scenario: Scenario): (string | number)[] {
  const { listeners, stalled, rampSeconds, warmupSeconds, seconds, icy } = scenario;
  const words = ["--port", port, "--path", PATH, "--listeners", listeners, "--stalled", stalled];
  const times = ["--ramp-seconds", rampSeconds, "--warmup", warmupSeconds, "--seconds", seconds];
  return [...words, ...times, ...(icy ? ["--icy"] : [])];
}

async function isHeard({ listenPort }: Place): Promise<boolean> {
  await using ear = new LoadProgram("crowd", ["--port", listenPort, "--warmup", 1, "--seconds", 0]);
  const { run_frames } = await ear.event<CrowdReport>("report");
  return run_frames > 0;
}

/** A live source that listeners hear. */
async function goLive(place: Place, bitrate: number): Promise<LoadProgram> {
  const { sourcePort, password } = place;
  const words = ["--port", sourcePort, "--password", password, "--mount", PATH];
  const source = new LoadProgram("source", [...words, "--bitrate", bitrate]);
  await source.event("live");
  for (let tries = 0; tries < MOST_TRIES; tries++) if (await isHeard(place)) return source;
  await source[Symbol.asyncDispose]();
  throw new Error("nobody hears the source");
}

/** A server with a live source, for one crowd after the other. */
export class Session implements AsyncDisposable {
  private constructor(
    private readonly peer: Peer,
    private readonly place: Place & AsyncDisposable,
    private readonly source: LoadProgram,
  ) {}

  /** `scenario`: the first it is to be measured in. Throws when the server does not start, or its source is
   * not heard. */
  static async open(peer: Peer, scenario: Scenario): Promise<Session> {
    const place = await peer.start(scenario);
    try {
      return new Session(peer, place, await goLive(place, scenario.bitrate));
    } catch (error) {
      await place[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.source[Symbol.asyncDispose]();
    await this.place[Symbol.asyncDispose]();
  }

  async measure(scenario: Scenario): Promise<Figures> {
    const all: Figures[] = [];
    for (let turn = 1; turn < scenario.repeats; turn++) all.push(await this.#measure(scenario));
    const last = await this.#measure(scenario);
    const sorted = [...all, last].toSorted((a, b) => a.cpuSecondsPerGB - b.cpuSecondsPerGB);
    return sorted[Math.floor(sorted.length / 2)] ?? last;
  }

  async #measure(scenario: Scenario): Promise<Figures> {
    const { pid, listenPort, statusUrl } = this.place;
    const poll = new StatusPoll(scenario.asksStatus ? statusUrl : null);
    await using crowd = new LoadProgram("crowd", crowdWords(listenPort, scenario));
    await crowd.event("window");
    const polled = poll.run();
    const from = await sample(pid);
    await crowd.event("end");
    const to = await sample(pid);
    poll.stop();
    const late = await lateness(this.place);
    await polled;
    const report = await crowd.event<CrowdReport>("report");
    const cpuSeconds = to.cpuSeconds - from.cpuSeconds;
    const listening = Math.max(1, report.heard - report.stalled);
    return {
      peer: this.peer.name,
      scenario,
      report,
      cpuSecondsPerGB: cpuSeconds / (report.wire_bytes / 1e9),
      cpuPercentPer1000: (cpuSeconds / report.window_seconds / listening) * 1000 * 100,
      residentMB: to.residentMB,
      statusP99Ms: poll.p99Ms,
      late,
    };
  }
}
