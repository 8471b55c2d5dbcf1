// Problems as terminal text: one block each, place first, so that editors can jump to it.
import type { ConfigError, Problem } from "./problem.ts";

/** Ends with a line break; secrets are already masked. */
export function formatProblems({ problems }: Pick<ConfigError, "problems">): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem(problem: Problem): string {
  const { file, line, column, message, hint, expected } = problem;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const head = hint === undefined ? message : `${message}. ${hint}`;
  const number = String(line).padStart(4);
  const [shown, marker] = problem.excerpt;
  const lines = [`${place}: ${head}`];
  if (shown !== undefined) lines.push(`${number} | ${shown}`);
  if (marker !== undefined) lines.push(`${" ".repeat(number.length)} | ${marker}`);
  lines.push(`       expected: ${expected}`);
  return `${lines.join("\n")}\n`;
}
