// The end of a run's output: what failed, what was unsteady and why, short enough for a log of which only the end is kept.
import { countOf, type FileRun, lateTests, skippedTests } from "./file-run.ts";

const MAX_LINES = 60;
const MAX_LINES_A_RUN = 14;
const MAX_CHARS = 200;

/** What says why in the output of a run: verdicts, errors, what was expected, and places in the project. */
const TELLING =
  /^\(fail\) |^# Unhandled error|^error: |^\w*Error: |^(?:Expected|Received)\b|^ *\^ |^✗ |at .*\b(?:src|tests)\/.*:\d+/;

function reasons(run: FileRun): string[] {
  const lines = run.output.split("\n").filter((line) => TELLING.test(line));
  const shown = lines.slice(-MAX_LINES_A_RUN).map((line) => `    ${line.trim()}`);
  return run.crash === null ? shown : [...shown, `    ${run.crash}`];
}

function cut(lines: readonly string[]): string[] {
  const short = lines.map((line) => line.slice(0, MAX_CHARS));
  if (short.length <= MAX_LINES) return short;
  return [...short.slice(0, MAX_LINES - 1), `... and ${short.length - MAX_LINES + 1} more lines`];
}

function totals(runs: readonly FileRun[], ms: number): string[] {
  const sum = (what: "pass" | "skip" | "fail" | "error") =>
    runs.reduce((all, run) => all + countOf(run, what), 0);
  const [pass, skip, fail, error] = [sum("pass"), sum("skip"), sum("fail"), sum("error")];
  const seconds = (ms / 1000).toFixed(0);
  return [
    `${pass} pass, ${skip} skip, ${fail} fail, ${error} errors outside of tests`,
    `Ran ${pass + skip + fail} tests across ${runs.length} files. [${seconds} s]`,
  ];
}

export interface Verdict {
  /** The last run of each file. */
  readonly last: readonly FileRun[];
  /** First runs of files that ran again. */
  readonly first: readonly FileRun[];
}

export function digest({ last, first }: Verdict, ms: number): string[] {
  const failed = last.filter((run) => !run.passed);
  const unsteady = first.filter((run) => !failed.some(({ file }) => file === run.file));
  const lines = [
    ...failed.flatMap((run) => [`failed: ${run.file}`, ...reasons(run)]),
    ...unsteady.flatMap((run) => [`unsteady: ${run.file} passed in a second run`, ...reasons(run)]),
    ...last.flatMap((run) => lateTests(run).map((line) => `unsteady: ${run.file} ${line}`)),
    ...last.flatMap((run) => skippedTests(run).map((line) => `not run: ${run.file} ${line}`)),
  ];
  return [...cut(lines), ...totals(last, ms)];
}
