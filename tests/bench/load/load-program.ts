// The load generator as a process: its events as they are told, and its end with the scope it was started in.
import { join } from "node:path";

const PROGRAM = join(import.meta.dir, "build", "load");

export type LoadCommand = "source" | "crowd" | "floor";

/** Of a crowd that lost nothing. */
export const FLAWLESS = {
  refused: 0,
  failed: 0,
  closed: 0,
  waiting: 0,
  run_lost_frames: 0,
  run_repeated_frames: 0,
  run_garbage_bytes: 0,
};

/** What a crowd reports; the README beside says what each counts. Times that were never measured are null. */
export interface CrowdReport {
  readonly asked: number;
  readonly connected: number;
  readonly heard: number;
  readonly waiting: number;
  readonly refused: number;
  readonly refused_status: number;
  readonly failed: number;
  readonly closed: number;
  readonly stalled: number;
  readonly stalled_closed: number;
  readonly first_audio_p50_ms: number | null;
  readonly first_audio_p99_ms: number | null;
  readonly first_audio_max_ms: number | null;
  readonly all_audio_ms: number | null;
  readonly window_seconds: number;
  readonly own_cpu_seconds: number;
  readonly wire_bytes: number;
  readonly audio_bytes: number;
  readonly frames: number;
  readonly lost_frames: number;
  readonly lost_bytes: number;
  readonly repeated_frames: number;
  readonly unstamped_frames: number;
  readonly garbage_bytes: number;
  readonly titles: number;
  readonly left: number;
  readonly joined: number;
  readonly join_p50_ms: number | null;
  readonly join_p99_ms: number | null;
  readonly join_max_ms: number | null;
  readonly latency_p50_ms: number | null;
  readonly latency_p90_ms: number | null;
  readonly latency_p99_ms: number | null;
  readonly latency_max_ms: number | null;
  readonly run_frames: number;
  readonly run_lost_frames: number;
  readonly run_repeated_frames: number;
  readonly run_unstamped_frames: number;
  readonly run_garbage_bytes: number;
  readonly run_lead_bytes: number;
  readonly run_titles: number;
}

export interface SourceReport {
  readonly frames: number;
  readonly bytes: number;
  readonly worst_lateness_ms: number;
  readonly seconds: number;
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const bytes of stream) {
    const lines = (held + decoder.decode(bytes, { stream: true })).split("\n");
    held = lines.pop() ?? "";
    yield* lines;
  }
}

export class LoadProgram implements AsyncDisposable {
  readonly #process;
  readonly #lines: AsyncGenerator<string>;
  readonly #complaint: Promise<string>;

  /** `words`: "--port", "8000", ... */
  constructor(
    private readonly command: LoadCommand,
    words: readonly (string | number)[],
  ) {
    this.#process = Bun.spawn([PROGRAM, command, ...words.map(String)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#lines = linesOf(this.#process.stdout);
    this.#complaint = new Response(this.#process.stderr).text();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves with the exit code. */
  get exited(): Promise<number> {
    return this.#process.exited;
  }

  /** Resolves with what it wrote to stderr once it has ended. */
  get complaint(): Promise<string> {
    return this.#complaint;
  }

  /** The next event of that name; what comes before it is left out. Throws what it said when it ends without. */
  async event<Event = unknown>(name: string): Promise<Event> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`load ${this.command}: ${await this.#complaint}`);
      const told: { readonly event: string } = JSON.parse(value);
      if (told.event === name) return told as Event;
    }
  }

  /** Asks for an end; the report can still be read. */
  stop(): void {
    this.#process.kill("SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.exited;
  }
}
