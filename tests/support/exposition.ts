// Reads metrics as a monitoring system does, and has the field's own programs check them.
import { expect } from "bun:test";
import { requireProgram } from "./programs.ts";

/** Each sample by its name and labels, as written: `cycast_listeners{mount="/stream",door="listen"}`. */
export function valuesOf(text: string): Map<string, number> {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

const promtool = requireProgram("promtool");

/** Debian's, which has Debian's packages. */
const PYTHON = "/usr/bin/python3";

const PARSE = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(len(list(text_string_to_metric_families(sys.stdin.read()))))
`;

function run(command: readonly string[], text: string) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], { stdin: Buffer.from(text) });
  return { exitCode, said: `${stdout}${stderr}`.trim() };
}

/** Prometheus' own checks of the text format, of names and of types. */
export function checkText(text: string): void {
  if (promtool === null) return;
  expect(run([promtool, "check", "metrics"], text)).toEqual({ exitCode: 0, said: "" });
}

function canParse(): boolean {
  const { exitCode } = run([PYTHON, "-c", "import prometheus_client"], "");
  if (exitCode === 0) return true;
  if (process.env["CI"]) throw new Error("python3-prometheus-client is required in CI");
  console.warn("skipped: python3-prometheus-client is not installed");
  return false;
}

/** The strict parser of Prometheus' Python client. */
export function checkOpenMetrics(text: string): void {
  if (!canParse()) return;
  const families = text.match(/^# TYPE /gm)?.length ?? 0;
  expect(run([PYTHON, "-c", PARSE], text)).toEqual({ exitCode: 0, said: String(families) });
}
