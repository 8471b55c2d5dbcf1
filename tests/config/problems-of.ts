// What a configuration text is told, for tests that are about problems.
import { parseConfig } from "../../src/config/load-config.ts";
import { maskSpans } from "../../src/config/mask.ts";
import { ConfigError, type Problem, toProblems } from "../../src/config/problem.ts";
import { scan } from "../../src/config/hcl/scan.ts";
import { schema } from "../../src/config/schema.ts";
import { matchSettings } from "../../src/config/settings.ts";
import { SourceText } from "../../src/config/hcl/source-text.ts";

/** The problems of a text; empty when it is accepted. */
export async function problemsOf(
  text: string,
  env: Record<string, string> = {},
): Promise<readonly Problem[]> {
  try {
    await parseConfig("config.hcl", text, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The same, each as `line:column message`. */
export async function told(text: string, env: Record<string, string> = {}): Promise<string[]> {
  const problems = await problemsOf(text, env);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** All that can be said about a text without hcl2-parser, which takes long to ask. */
export function outlineProblems(text: string): readonly Problem[] {
  const source = new SourceText(text);
  const outline = scan(text);
  const findings = [...outline.issues, ...matchSettings(outline, source, schema).findings];
  return toProblems("config.hcl", source, findings, maskSpans(outline.items, source));
}
