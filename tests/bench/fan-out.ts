// One measurement: a server, a source, a crowd, a window; and what it came to.
import { onCut } from "./cut.ts";
import { type CrowdReport, LoadProgram } from "./load/load-program.ts";
import type { Peer, Place } from "./peers.ts";
import { type Busy, busySeconds, busyThreads, residentMB, unsentBytes } from "./process.ts";

const PATH = "/stream";
const POLL_MS = 50;

/** Until a server has let go of the source before, and until it plays one that it has taken. */
const MOST_TRIES = 15;
const RETRY_SECONDS = 0.3;

export interface Scenario {
  readonly listeners: number;
  readonly stalled: number;
  readonly icy: boolean;
  /** kbit/s */
  readonly bitrate: number;
  /** 0: all in one instant. */
  readonly rampSeconds: number;
  /** How long it is waited for those who have no audio yet when all have come. */
  readonly settleSeconds: number;
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
  /** Of that, what came with the crowd. */
  readonly grownMB: number;
  /** The most that the kernel holds for one listener; null when all read. */
  readonly unsentBytes: number | null;
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
  readonly busy: Busy;
  readonly residentMB: number;
}

async function sample(pid: number): Promise<Sample> {
  return { busy: await busyThreads(pid), residentMB: await residentMB(pid) };
}

async function sampleAtEnd(pid: number, crowd: LoadProgram, poll: StatusPoll): Promise<Sample> {
  try {
    await crowd.event("end");
    return await sample(pid);
  } finally {
    poll.stop();
  }
}

type Heard = Pick<CrowdReport, "window_seconds" | "wire_bytes">;

/** Throws when there is nothing to measure by. */
export function checkWhole({ window_seconds, wire_bytes }: Heard, { seconds }: Scenario): void {
  if (window_seconds < seconds * 0.95) throw new Error("it was cut");
  if (wire_bytes === 0) throw new Error("nobody heard anything");
}

async function lateness({ statusUrl }: Place): Promise<Figures["late"]> {
  if (statusUrl === null) return null;
  const answer = await fetch(statusUrl.replace(/status$/, "stats?limit=0"));
  const { late_ms } = (await answer.json()) as { late_ms: { p99: number; max: number } };
  return late_ms;
}

function crowdWords(port: number, scenario: Scenario): (string | number)[] {
  const { listeners, stalled, rampSeconds, settleSeconds, warmupSeconds, seconds, icy } = scenario;
  const words = ["--port", port, "--path", PATH, "--listeners", listeners, "--stalled", stalled];
  const arrival = ["--ramp-seconds", rampSeconds, "--settle-seconds", settleSeconds];
  const times = ["--warmup", warmupSeconds, "--seconds", seconds];
  return [...words, ...arrival, ...times, ...(icy ? ["--icy"] : [])];
}

async function isHeard({ listenPort }: Place): Promise<boolean> {
  const words = ["--port", listenPort, "--path", PATH, "--warmup", RETRY_SECONDS, "--seconds", 0];
  await using ear = new LoadProgram("crowd", words);
  const { run_frames } = await ear.event<CrowdReport>("report");
  return run_frames > 0;
}

/** Throws when the server takes no source. */
async function logIn({ sourcePort, password }: Place, bitrate: number): Promise<LoadProgram> {
  const words = ["--port", sourcePort, "--password", password, "--mount", PATH];
  for (let tries = 1; ; tries++) {
    const source = new LoadProgram("source", [...words, "--bitrate", bitrate]);
    try {
      await source.event("live");
      return source;
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
    await Bun.sleep(RETRY_SECONDS * 1000);
  }
}

/** A live source that listeners hear. */
async function goLive(place: Place, bitrate: number): Promise<LoadProgram> {
  const source = await logIn(place, bitrate);
  for (let tries = 0; tries < MOST_TRIES; tries++) if (await isHeard(place)) return source;
  await source[Symbol.asyncDispose]();
  throw new Error("nobody hears the source");
}

/** A server for one crowd after the other, with a source of the bitrate that each is to hear. */
export class Session implements AsyncDisposable {
  #source: { readonly bitrate: number; readonly program: LoadProgram } | null = null;

  private constructor(
    private readonly peer: Peer,
    private readonly place: Place & AsyncDisposable,
    private readonly cut: AbortSignal,
  ) {}

  /** `scenario`: the first it is to be measured in. `cut`: ends what is being measured. Throws when the server
   * does not start. */
  static async open(peer: Peer, scenario: Scenario, cut: AbortSignal): Promise<Session> {
    return new Session(peer, await peer.start(scenario), cut);
  }

  get name(): string {
    return this.peer.name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#silence();
    await this.place[Symbol.asyncDispose]();
  }

  /** Throws when the source is not heard, nobody hears anything in the window, or it is cut. */
  async measure(scenario: Scenario): Promise<Figures> {
    await this.#play(scenario.bitrate);
    const all: Figures[] = [];
    for (let turn = 1; turn < scenario.repeats; turn++) all.push(await this.#measure(scenario));
    const last = await this.#measure(scenario);
    const sorted = [...all, last].toSorted((a, b) => a.cpuSecondsPerGB - b.cpuSecondsPerGB);
    return sorted[Math.floor(sorted.length / 2)] ?? last;
  }

  async #play(bitrate: number): Promise<void> {
    if (this.#source?.bitrate === bitrate) return;
    await this.#silence();
    this.#source = { bitrate, program: await goLive(this.place, bitrate) };
  }

  async #silence(): Promise<void> {
    await this.#source?.program[Symbol.asyncDispose]();
    this.#source = null;
  }

  async #measure(scenario: Scenario): Promise<Figures> {
    this.cut.throwIfAborted();
    const { pid, listenPort, statusUrl } = this.place;
    const poll = new StatusPoll(scenario.asksStatus ? statusUrl : null);
    const restingMB = await residentMB(pid);
    await using crowd = new LoadProgram("crowd", crowdWords(listenPort, scenario));
    using _ = onCut(this.cut, () => crowd.stop());
    await crowd.event("window");
    const from = await sample(pid);
    const unsent = scenario.stalled > 0 ? await unsentBytes(listenPort) : null;
    const [to] = await Promise.all([sampleAtEnd(pid, crowd, poll), poll.run()]);
    const late = await lateness(this.place);
    const report = await crowd.event<CrowdReport>("report");
    checkWhole(report, scenario);
    const cpuSeconds = busySeconds(from.busy, to.busy);
    const listening = Math.max(1, report.heard - report.stalled);
    return {
      peer: this.peer.name,
      scenario,
      report,
      cpuSecondsPerGB: cpuSeconds / (report.wire_bytes / 1e9),
      cpuPercentPer1000: (cpuSeconds / report.window_seconds / listening) * 1000 * 100,
      residentMB: to.residentMB,
      grownMB: to.residentMB - restingMB,
      unsentBytes: unsent,
      statusP99Ms: poll.p99Ms,
      late,
    };
  }
}
