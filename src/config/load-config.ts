// Turns configuration text into a Config, or reports everything that is wrong with it at once.
import { findAccountConflicts } from "./account-conflicts.ts";
import { buildConfig, type PlaceValues } from "./build-config.ts";
import { readConfigFile } from "./config-file.ts";
import type { Config } from "./config.ts";
import { findClusterConflicts } from "./cluster-conflicts.ts";
import { findConflicts } from "./conflicts.ts";
import type { Environment } from "./env-call.ts";
import { findEdgeConflicts } from "./edge-conflicts.ts";
import { findFallbackConflicts } from "./fallback-conflicts.ts";
import type { ConfigFinding, Span } from "./hcl/finding.ts";
import type { Outline } from "./hcl/outline.ts";
import { type HclResult, parseHcl } from "./hcl/parse-hcl.ts";
import { scan } from "./hcl/scan.ts";
import { SourceText } from "./hcl/source-text.ts";
import { maskSpans } from "./mask.ts";
import { ConfigError, fileProblem, toProblems } from "./problem.ts";
import { schema } from "./schema.ts";
import { findRelayConflicts } from "./relay-conflicts.ts";
import { type ReadContext, readValues, SettingValues } from "./setting-values.ts";
import { type Matched, matchSettings, type PlaceSettings } from "./settings.ts";
import type { Schema } from "./tree.ts";
import { matchVariables, type Variables } from "./variables.ts";

/** Reads a configuration file. Takes about 0.2 s, nearly all of it in a child process. Rejects with ConfigError
 * on any problem, a missing file included. */
export async function loadConfig(file: string, env: Environment): Promise<Config> {
  return parseConfig(file, await readConfigFile(file), env);
}

/** The configuration of an empty file; `file` need not exist. */
export function defaultConfig(file: string): Config {
  const top = { values: new SettingValues(), labelled: [] };
  return buildConfig(schema, { file, top, mounts: [], warnings: [] });
}

/** Parses configuration text. `file` names it in problems, and relative paths start from its folder. `tables`
 * replaces the station's schema in tests. */
export async function parseConfig(
  file: string,
  text: string,
  env: Environment,
  tables: Schema = schema,
): Promise<Config> {
  const source = new SourceText(text);
  const outline = scan(text);
  const matched = matchSettings(outline, source, tables);
  const variables = matchVariables(env, tables);
  for (const [key, setting] of variables.settings) matched.top.settings.set(key, setting);
  const reading: Reading = { file, text, env, source, outline, matched, variables, tables };
  if (outline.issues.length > 0) throw failure(reading, syntaxFindings(reading));
  if (outline.items.length === 0) return assemble(reading, {});
  const result = await parseHcl(blank(text, matched.refused));
  if ("values" in result) return assemble(reading, result.values);
  if ("refused" in result && matched.findings.length > 0) throw failure(reading, matched.findings);
  throw new ConfigError([fileProblem(file, complaint(result), "HCL that hcl2-parser accepts")]);
}

interface Reading {
  readonly file: string;
  readonly text: string;
  readonly env: Environment;
  readonly source: SourceText;
  readonly outline: Outline;
  readonly matched: Matched;
  readonly variables: Variables;
  readonly tables: Schema;
}

function failure(
  { file, source, outline, variables }: Reading,
  findings: readonly ConfigFinding[],
): ConfigError {
  const masks = maskSpans(outline.items, source);
  return new ConfigError(toProblems(file, source, findings, masks, variables.names));
}

/** With unbalanced braces a valid key may seem to be in the wrong block, so only syntax errors are reported. */
function syntaxFindings({ outline, matched }: Reading): readonly ConfigFinding[] {
  return outline.balanced ? [...outline.issues, ...matched.findings] : outline.issues;
}

/** The text with some spans blanked, so that a reported error does not hide the rest from hcl2-parser. */
function blank(text: string, spans: readonly Span[]): string {
  let result = "";
  let at = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    result += text.slice(at, start) + text.slice(start, end).replaceAll(/[^\n]/g, " ");
    at = end;
  }
  return result + text.slice(at);
}

function complaint(result: Exclude<HclResult, { values: unknown }>): string {
  if ("failed" in result) return result.failed;
  return "hcl2-parser rejects this file without naming a place, and the scan finds no syntax error";
}

function assemble(reading: Reading, parsed: unknown): Config {
  const { file, text, env, matched, tables } = reading;
  const findings = [...matched.findings];
  const context = { text, parsed, env, findings };
  const top = readPlace(matched.top, context);
  const mounts = matched.mounts.map((mount) => ({
    path: mount.path,
    ...readPlace(mount, context),
  }));
  findings.push(...findConflicts(matched, top.values, findings.length === 0));
  findings.push(...findAccountConflicts(matched, top));
  if (tables === schema) findings.push(...findEdgeConflicts(matched, top));
  if (tables === schema) findings.push(...findClusterConflicts(matched, top));
  if (tables === schema) findings.push(...findRelayConflicts(matched, top, mounts));
  findings.push(...findFallbackConflicts(matched, top.values, mounts));
  if (findings.length > 0) throw failure(reading, findings);
  return buildConfig(tables, { file, top, mounts, warnings: warningsOf(reading) });
}

function readPlace({ settings, labelled }: PlaceSettings, context: ReadContext): PlaceValues {
  return {
    values: readValues(settings, context),
    labelled: labelled.map(({ name, label, settings: its }) => {
      return { name, label: label.text, values: readValues(its, context) };
    }),
  };
}

function warningsOf({ file, source, matched, variables }: Reading): string[] {
  const renamed = matched.renamed.map(({ attribute: { name }, now }) => {
    const line = source.lineOf(name.start);
    return `${file}:${line}: ${name.text} is now called ${now}; the old name still works`;
  });
  return [...renamed, ...variables.warnings];
}
