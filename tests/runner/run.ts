// Runs all test files below tests/, or those whose paths contain one of the arguments: each in a process of its own, two at
// a time. With CI set, a failed test gets two more attempts, and a file that failed one more run, alone.
import { digest } from "./digest.ts";
import { type FileRun, runFile } from "./file-run.ts";
import { inLanes } from "./lanes.ts";

/** Where more files fail, it is not the machine. */
const MOST_AGAIN = 5;

const RETRIES = process.env["CI"] ? 2 : 0;

function testFiles(wanted: readonly string[]): string[] {
  const files = [...new Bun.Glob("tests/**/*.test.ts").scanSync()];
  return files.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
}

async function runAndPrint(file: string): Promise<FileRun> {
  const run = await runFile(file, RETRIES);
  process.stdout.write(`${run.output.trimEnd()}\n${run.crash ?? ""}\n`);
  return run;
}

async function runAll(files: readonly string[]): Promise<FileRun[]> {
  const runs: FileRun[] = [];
  await inLanes(files, async (file) => void runs.push(await runAndPrint(file)));
  return runs;
}

/** The runs that count. Attempts at once do not help a test while the machine stands still, a run after all others does. */
async function lastRuns(runs: readonly FileRun[]): Promise<FileRun[]> {
  const failed = runs.filter((run) => !run.passed);
  if (RETRIES === 0 || failed.length > MOST_AGAIN) return [...runs];
  const last = runs.filter((run) => run.passed);
  for (const { file } of failed) last.push(await runAndPrint(file));
  return last;
}

const began = performance.now();
const runs = await runAll(testFiles(process.argv.slice(2)));
const last = await lastRuns(runs);
const first = runs.filter((run) => !last.includes(run));
process.stdout.write(`\n${digest({ last, first }, performance.now() - began).join("\n")}\n`);
process.exitCode = last.length > 0 && last.every((run) => run.passed) ? 0 : 1;
