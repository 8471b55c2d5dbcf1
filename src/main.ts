// argv, configuration, station, servers, signals; and one clear sentence when one of them fails.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { PARSE_HCL_ARGUMENT } from "./config/hcl/parse-hcl.ts";
import { checkFolders } from "./config/check-folders.ts";
import { defaultAdminWarnings, defaultPasswordWarnings } from "./config/default-passwords.ts";
import { formatProblems } from "./config/format-problems.ts";
import {
  CONFIG_NAME,
  FirstConfigError,
  LOCAL_CONFIG_NAME,
  writeFirstConfig,
} from "./config/first-config.ts";
import { defaultConfig, loadConfig } from "./config/load-config.ts";
import { ConfigError } from "./config/problem.ts";
import type { Config } from "./config/config.ts";
import { deskUrl } from "./lib/address.ts";
import { systemClock } from "./lib/clock.ts";
import { isPackaged, shipped } from "./lib/shipped.ts";
import type { Run } from "./run.ts";
import { stopper } from "./signals.ts";

/** How this program was called, for people to do it again. */
const PROGRAM = isPackaged ? process.argv0 : "bun run start";

const USAGE = `Usage: ${PROGRAM} [options]

  -c, --config FILE   configuration to use (config.local.hcl, else config.hcl, else defaults)
      --init          write a config.hcl with passwords of its own into this folder
      --check         only validate the configuration, and look for what it names
      --health URL    ask a running station how it is: exit code 0 when all is well
      --version       print the version
      --licences      print the licences of all that is inside
  -h, --help          print this help`;

/** From sysexits.h: wrong command line, wrong configuration. */
const EX_USAGE = 64;
const EX_CONFIG = 78;

/** Streams get this long to end by themselves, and the whole stop no longer than this. */
const GRACE_MS = 2000;
const DEADLINE_MS = 4500;

const HEALTH_MS = 3000;

function fail(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      args: Bun.argv.slice(2),
      options: {
        config: { type: "string", short: "c" },
        init: { type: "boolean", default: false },
        health: { type: "string" },
        check: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
        licences: { type: "boolean", default: false },
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

/** The configuration of the folder that the station is started in. */
function ownConfig(): string | undefined {
  return [LOCAL_CONFIG_NAME, CONFIG_NAME].find((name) => existsSync(name));
}

/** A folder without a configuration has a station too; a file that is named has to be there. */
async function chooseConfig(file: string | undefined): Promise<Config> {
  const found = file ?? ownConfig();
  if (found !== undefined) return readConfig(found);
  const warnings = [
    `There is no ${CONFIG_NAME} here, so every setting has its default. \`${PROGRAM} --init\` writes one.`,
  ];
  if (existsSync("music")) return defaultConfig("defaults", warnings);
  warnings.push(
    "There is no music here, so Cycast's own plays. Put yours into music/ and start again.",
  );
  return defaultConfig("defaults", warnings, shipped("music"));
}

async function init(): Promise<void> {
  try {
    const tracks = await writeFirstConfig(".", PROGRAM);
    console.log(
      `${CONFIG_NAME} is written, with new passwords for sources and for the admin in it.`,
    );
    if (tracks > 0) console.log(`music/ has ${tracks} tracks to begin with; put yours there.`);
    console.log(`Look it through, then start the station: ${PROGRAM}`);
    // The ports of the file that was just written.
    const { host, listenPort } = defaultConfig(CONFIG_NAME).server;
    console.log(`Its desk: ${deskUrl(host, listenPort)} (sign in as ${CONFIG_NAME} says)`);
  } catch (error) {
    if (error instanceof FirstConfigError) fail(error.message, 1);
    throw error;
  }
}

/** What is only a warning is one for the station too: it runs without music and without an access log. */
async function check(file: string): Promise<never> {
  const config = await readConfig(file);
  const passwords = [...defaultPasswordWarnings(config), ...defaultAdminWarnings(config)];
  const warnings = [...config.warnings, ...passwords, ...(await checkFolders(config))];
  for (const warning of warnings) console.log(`warning: ${warning}`);
  console.log(`${file} is valid`);
  // A folder that hangs would keep the process.
  process.exit(0);
}

/** Of a checkout only its own: the packages beside it have theirs. */
async function printLicences(): Promise<void> {
  const file = Bun.file(shipped(isPackaged ? "LICENCES" : "LICENSE"));
  await Bun.write(Bun.stdout, await file.text());
}

/** For probes that can start programs only. */
async function askHealth(url: string): Promise<never> {
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(HEALTH_MS) });
    return ok ? process.exit(0) : fail(`${url} answers ${status}`, 1);
  } catch (error) {
    return fail(`${url} does not answer (${explain(error)})`, 1);
  }
}

/** The station's modules load while a child process reads the configuration. */
async function start(file: string | undefined): Promise<void> {
  let run: Run | undefined;
  const cleanly = (signal: NodeJS.Signals) => {
    // Nothing is up yet that could end cleanly.
    if (run === undefined) process.exit(0);
    // A file system that hangs must not keep the process.
    setTimeout(() => process.exit(0), DEADLINE_MS);
    void run.stop(signal, GRACE_MS).then(() => process.exit(0));
  };
  const onSignal = stopper({ cleanly, atOnce: () => process.exit(1) }, systemClock);
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const [config, { Run: Station }] = await Promise.all([chooseConfig(file), import("./run.ts")]);
  run = await Station.start(config).catch((error: unknown) => fail(explain(error), 1));
}

/** What can go wrong at a start (a port, the core, memory) says its remedy itself. */
function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (Bun.argv[2] === PARSE_HCL_ARGUMENT) {
  const { runHclChild } = await import("./config/hcl/child.ts");
  await runHclChild();
}
const options = readArguments();
if (options.help) console.log(USAGE);
else if (options.version) console.log(`Cycast ${packageJson.version}`);
else if (options.licences) await printLicences();
else if (options.health !== undefined) await askHealth(options.health);
else if (options.init) await init();
else if (options.check) {
  await check(options.config ?? ownConfig() ?? CONFIG_NAME);
} else {
  const { tuneAllocator } = await import("./native/allocator.ts");
  tuneAllocator();
  await start(options.config);
}
