// The station's end of the converter's child process: starts it for the first job, restarts it after a crash, ends it
// when it gets no further or has nothing to do.
import { join } from "node:path";
import type { Subprocess } from "bun";
import { isPackaged } from "../lib/shipped.ts";
import { CONVERT_ARGUMENT } from "./convert-argument.ts";
import { isReply, type Job, type Reply } from "./job.ts";
import { LOWEST, type Priority } from "./lower-priority.ts";
import type { Outcome } from "./perform-job.ts";

/** A child without a job is ended: it holds some 40 MiB. */
const IDLE_MS = 10_000;

/** How often progress is looked for, and how often in vain before the child is ended: network shares hang too. */
const BEAT_MS = 5000;
const MAX_BEATS = 24;

/** A job without end: a day of audio takes this long on a slow machine. */
const MAX_JOB_BEATS = (6 * 3600 * 1000) / BEAT_MS;

/** The child, or the program that it used, ended or was ended before the job's result. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

interface Running {
  readonly id: number;
  readonly onProgress: (seconds: number) => void;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: CrashError) => void;
  beats: number;
  /** Since the last progress. */
  vainBeats: number;
}

interface Options {
  readonly command: () => string[];
  readonly idleMs: number;
  readonly beatMs: number;
  readonly priority: Priority;
}

/** Ends the child with the programs that it has started. */
function endGroup(child: Subprocess): void {
  child.kill("SIGKILL");
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    return; // It was the last of its group.
  }
}

function ownCommand(): string[] {
  const child = isPackaged ? CONVERT_ARGUMENT : join(import.meta.dir, "convert-child.ts");
  return [process.execPath, child];
}

export class ConvertProcess {
  #child: Subprocess | null = null;
  #running: Running | null = null;
  #ids = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;

  readonly #options: Options;

  constructor({
    command = ownCommand,
    idleMs = IDLE_MS,
    beatMs = BEAT_MS,
    priority = LOWEST,
  }: Partial<Options> = {}) {
    this.#options = { command, idleMs, beatMs, priority };
  }

  /** Process id of the child; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** One job at a time. Rejects with a CrashError. */
  run(job: Job, onProgress: (seconds: number) => void): Promise<Outcome> {
    clearTimeout(this.#idle);
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#running = { id, onProgress, resolve, reject, beats: 0, vainBeats: 0 };
      try {
        this.#child ??= this.#spawn();
        this.#child.send({ id, job });
        this.#watch();
      } catch (error) {
        this.#crashed(`it cannot be started (${String(error)})`);
      }
    });
  }

  close(): void {
    clearTimeout(this.#idle);
    clearInterval(this.#beat);
    const child = this.#child;
    this.#child = null;
    if (child !== null) endGroup(child);
  }

  #spawn(): Subprocess {
    const { command, priority } = this.#options;
    const child: Subprocess = Bun.spawn([...command(), priority], {
      ipc: (message: unknown) => this.#received(child, message),
      onExit: (_, code, signal) =>
        this.#exited(child, signal === null ? `exit code ${code}` : `signal ${signal}`),
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      // Secrets stay in the station.
      env: { PATH: process.env["PATH"] ?? "" },
      // The leader of a process group: an ffmpeg that hangs is ended with it.
      detached: true,
      serialization: "json",
    });
    child.unref();
    return child;
  }

  #received(child: Subprocess, message: unknown): void {
    if (child !== this.#child) return;
    if (!isReply(message)) return this.#crashed("it sent no reply");
    const running = this.#running;
    if (running === null || message.id !== running.id) return;
    running.vainBeats = 0;
    if ("progress" in message) return running.onProgress(message.progress);
    this.#finished(running, message);
  }

  #finished(running: Running, reply: Exclude<Reply, { readonly progress: number }>): void {
    this.#running = null;
    clearInterval(this.#beat);
    this.#idle = setTimeout(() => this.close(), this.#options.idleMs).unref();
    if ("failure" in reply && reply.failure.isCrash === true)
      running.reject(new CrashError(reply.failure.why));
    else running.resolve(reply);
  }

  #exited(child: Subprocess, how: string): void {
    if (child === this.#child) this.#crashed(how);
  }

  #crashed(how: string): void {
    const running = this.#running;
    this.#running = null;
    this.close();
    running?.reject(new CrashError(how));
  }

  /** Counts beats, since a station that was stopped finds its timers due before the child's messages. */
  #watch(): void {
    clearInterval(this.#beat);
    this.#beat = setInterval(() => {
      const running = this.#running;
      if (running === null) return;
      running.beats++;
      if (++running.vainBeats > MAX_BEATS) this.#crashed("it makes no progress");
      else if (running.beats > MAX_JOB_BEATS) this.#crashed("it takes too long");
    }, this.#options.beatMs).unref();
  }
}
