// Runs one test file in a process of its own, and reads from its output what went wrong.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A wait in vain says what for after 60 s. Bun must not end a test before its waits do: its body would go
 * on beside the next attempt, and what it throws at last would be an error outside of tests. */
export const TEST_LIMIT_MS = 120_000;

/** A file that takes longer hangs. */
const LIMIT_MS = 900_000;

export interface FileRun {
  readonly file: string;
  /** Everything that it printed, without colours. */
  readonly output: string;
  readonly passed: boolean;
  /** How its process ended, if it was not by itself: a signal, an exit, or the time limit. */
  readonly crash: string | null;
}

const SUMMARY = /^Ran \d+ tests? across \d+ files?\./m;

function linesThat(run: FileRun, matches: RegExp): string[] {
  return run.output.split("\n").filter((line) => matches.test(line));
}

/** The lines of tests that passed in a further attempt. */
export function lateTests(run: FileRun): string[] {
  return linesThat(run, /^\(pass\) .* \(attempt \d+\)/);
}

/** The lines of tests that were skipped, and why. */
export function skippedTests(run: FileRun): string[] {
  return linesThat(run, /^\(skip\) |^skipped: /);
}

/** A count of Bun's summary, 0 if the run has none. */
export function countOf(run: FileRun, what: "pass" | "skip" | "fail" | "error"): number {
  return Number(run.output.match(new RegExp(`^ (\\d+) ${what}s?$`, "m"))?.[1] ?? 0);
}

function crashOf(process: Bun.Subprocess, output: string): string | null {
  if (process.signalCode === "SIGKILL") return `killed, or not over after ${LIMIT_MS / 60_000} min`;
  if (process.signalCode !== null) return `crashed: ${process.signalCode}`;
  if (!SUMMARY.test(output)) return `left its process: exit code ${process.exitCode}`;
  return null;
}

/** Runs `file`; a failed test gets `retries` further attempts. Its output goes to a file, which programs it leaves running cannot hold open as they could a pipe. */
export async function runFile(file: string, retries: number): Promise<FileRun> {
  const folder = mkdtempSync(join(tmpdir(), "cycast-test-run-"));
  const path = join(folder, "output");
  const log = openSync(path, "a");
  try {
    const limits = ["--timeout", String(TEST_LIMIT_MS), "--retry", String(retries)];
    const child = Bun.spawn([process.execPath, "test", ...limits, `./${file}`], {
      stdin: "ignore",
      stdout: log,
      stderr: log,
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    await child.exited;
    const output = Bun.stripANSI(readFileSync(path, "utf8"));
    const crash = crashOf(child, output);
    return { file, output, passed: child.exitCode === 0 && crash === null, crash };
  } finally {
    closeSync(log);
    rmSync(folder, { recursive: true, force: true });
  }
}
