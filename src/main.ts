// argv, configuration, station, servers, signals; and one clear sentence when one of them fails.
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { PARSE_HCL_ARGUMENT } from "./config/hcl.ts";
import { formatProblems } from "./config/format-problems.ts";
import { loadConfig } from "./config/load-config.ts";
import { ConfigError } from "./config/problem.ts";
import type { Config } from "./config/config.ts";
import type { Run } from "./run.ts";

const USAGE = `Usage: bun run start [options]

  -c, --config FILE   configuration to use (config.hcl)
      --check         only validate the configuration
      --version       print the version
  -h, --help          print this help`;

/** From sysexits.h: wrong command line, wrong configuration. */
const EX_USAGE = 64;
const EX_CONFIG = 78;

/** Streams get this long to end by themselves, and the whole stop no longer than this. */
const GRACE_MS = 2000;
const DEADLINE_MS = 4500;

function fail(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      args: Bun.argv.slice(2),
      options: {
        config: { type: "string", short: "c", default: "config.hcl" },
        check: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(`${why}\n\n${USAGE}`, EX_USAGE);
  }
}

async function readConfig(file: string): Promise<Config> {
  try {
    return await loadConfig(file, process.env);
  } catch (error) {
    if (error instanceof ConfigError) return fail(formatProblems(error), EX_CONFIG);
    throw error;
  }
}

/** The station's modules load while a child process reads the configuration. */
async function start(file: string): Promise<void> {
  let run: Run | undefined;
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    // Not yet up, or asked a second time: there is nothing to end cleanly.
    if (run === undefined || isStopping) process.exit(isStopping ? 1 : 0);
    isStopping = true;
    // A file system that hangs must not keep the process.
    setTimeout(() => process.exit(0), DEADLINE_MS);
    void run.stop(signal, GRACE_MS).then(() => process.exit(0));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const [config, { Run: Station }] = await Promise.all([readConfig(file), import("./run.ts")]);
  run = await Station.start(config).catch((error: unknown) => fail(explain(error), 1));
}

/** What can go wrong at a start (a port, the core, memory) says its remedy itself. */
function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (Bun.argv[2] === PARSE_HCL_ARGUMENT) {
  const { runHclChild } = await import("./config/hcl-child.ts");
  await runHclChild();
}
const options = readArguments();
if (options.help) console.log(USAGE);
else if (options.version) console.log(`Cycast ${packageJson.version}`);
else if (options.check) {
  const { warnings } = await readConfig(options.config);
  for (const warning of warnings) console.log(`warning: ${warning}`);
  console.log(`${options.config} is valid`);
} else await start(options.config);
