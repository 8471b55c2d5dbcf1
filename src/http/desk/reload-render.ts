// The desk's answers about the configuration: what a reload changes, and why it is refused.
import type { ConfigDiff } from "../../config/diff.ts";
import { ConfigError, type Problem } from "../../config/problem.ts";
import type { PendingChanges } from "../../station/config-watch.ts";
import { problemsOf } from "../../station/reload.ts";

const MISTAKE = "The configuration has mistakes; nothing was changed.";

export function renderChanges({ applied, atRestart }: Pick<ConfigDiff, "applied" | "atRestart">) {
  return { applied: [...applied], at_restart: [...atRestart] };
}

function renderProblem({ file, line, column, message, expected, hint }: Problem) {
  const problem = { file, line, column, message, expected };
  return hint === undefined ? problem : { ...problem, hint };
}

const INVALID = { code: "invalid_configuration" } as const;

/** Why a reload was refused. */
export function renderRefusal(error: unknown) {
  if (!(error instanceof ConfigError))
    return { ...INVALID, error: problemsOf(error), problems: [] };
  return { ...INVALID, error: MISTAKE, problems: error.problems.map(renderProblem) };
}

/** `file`: the configuration's. */
export function renderPending(file: string, pending: PendingChanges) {
  const { error, problems } = pending;
  return { file, ...renderChanges(pending), error, problems: problems.map(renderProblem) };
}

/** What a reload did, in a sentence. */
export function reloadedSentence({ applied, atRestart }: ConfigDiff): string {
  if (applied.length === 0 && atRestart.length === 0) return "Nothing has changed.";
  const count = (keys: readonly string[], what: string) =>
    `${keys.length} ${keys.length === 1 ? "setting" : "settings"} ${what}`;
  const later = atRestart.length === 0 ? "" : `, ${count(atRestart, "at the next start")}`;
  return `${count(applied, "applied")}${later}.`;
}
