// Command line, configuration, station, servers and signals; any failure is reported in one sentence.
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { newHash, readHidden, readPiped, whyNoPassword } from "./access/new-hash.ts";
import { newToken } from "./access/new-token.ts";
import { PARSE_HCL_ARGUMENT } from "./config/hcl/parse-hcl.ts";
import { brandingNotes, brandingWarnings } from "./config/branding-warnings.ts";
import { checkCrossfade } from "./config/check-crossfade.ts";
import { checkFolders } from "./config/check-folders.ts";
import { defaultAdminWarnings, defaultPasswordWarnings } from "./config/default-passwords.ts";
import { formatProblems } from "./config/format-problems.ts";
import { chooseConfig, ownConfig } from "./config/choose-config.ts";
import { CONFIG_NAME, FirstConfigError, writeFirstConfig } from "./config/first-config.ts";
import { defaultConfig } from "./config/load-config.ts";
import { proxyWarnings } from "./config/proxy-warnings.ts";
import { ConfigError } from "./config/problem.ts";
import { CONVERT_ARGUMENT } from "./convert/convert-argument.ts";
import type { Config } from "./config/config.ts";
import { deskUrl } from "./lib/address.ts";
import { systemClock } from "./lib/clock.ts";
import { isPackaged, shipped } from "./lib/shipped.ts";
import type { Run } from "./run.ts";
import { onHangUp, stopper } from "./signals.ts";

/** How this program was called, for use in messages. */
const PROGRAM = isPackaged ? process.argv0 : "bun run start";

const USAGE = `Usage: ${PROGRAM} [options]

  -c, --config FILE   configuration to use (config.local.hcl, else config.hcl, else defaults)
      --init          write a config.hcl with passwords of its own into this folder
      --check         only validate the configuration, and look for what it names
      --import FILE   write a config.hcl with the settings of an icecast.xml, and list what it has not
      --output FILE   write another file than config.hcl
      --health URL    ask a running station how it is: exit code 0 when all is well
      --token NAME    make a token for the API, and the block that lets it in
      --hash-password print the hash of a password, for an account; it is asked for, or read from a pipe
      --version       print the version
      --licences      print the licences of all that is inside
  -h, --help          print this help`;

/** From sysexits.h: usage error, configuration error. */
const EX_USAGE = 64;
const EX_CONFIG = 78;

/** Streams get this long to end cleanly; the whole stop takes no longer. */
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
        import: { type: "string" },
        output: { type: "string", default: CONFIG_NAME },
        check: { type: "boolean", default: false },
        token: { type: "string" },
        "hash-password": { type: "boolean", default: false },
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

/** A mistake in the configuration ends the process here. */
async function readConfig(file: string | undefined): Promise<Config> {
  try {
    return await chooseConfig(file, PROGRAM);
  } catch (error) {
    if (error instanceof ConfigError) return fail(formatProblems(error), EX_CONFIG);
    throw error;
  }
}

async function init(): Promise<void> {
  try {
    const tracks = await writeFirstConfig(".", PROGRAM);
    console.log(`Wrote ${CONFIG_NAME} with new source and admin passwords.`);
    if (tracks > 0) console.log(`Put ${tracks} tracks into music/; add yours there.`);
    console.log(`Check the settings, then start the station: ${PROGRAM}`);
    // The port of the file just written.
    const { host, listenPort } = defaultConfig(CONFIG_NAME).server;
    console.log(
      `Desk: ${deskUrl(host, listenPort)} (user name and password are in ${CONFIG_NAME})`,
    );
  } catch (error) {
    if (error instanceof FirstConfigError) fail(error.message, 1);
    throw error;
  }
}

/** Loads the XML parser for this alone. */
async function importFrom(input: string, output: string): Promise<void> {
  const { importIcecast, ImportError } = await import("./config/icecast/import-icecast.ts");
  try {
    const { config, notes } = await importIcecast(input, output);
    const mounts = config.mounts.map(({ path }) => path).join(", ");
    console.log(`Wrote ${output} from ${input}, readable by you only. Mounts: ${mounts}`);
    for (const note of notes) console.log(note);
    const passwords = [...defaultPasswordWarnings(config), ...defaultAdminWarnings(config)];
    for (const warning of passwords) console.log(`warning: ${warning}`);
  } catch (error) {
    if (error instanceof ImportError) fail(error.message, 1);
    throw error;
  }
}

/** The station runs without music and without an access log, so these are warnings here too. */
async function check(file: string): Promise<never> {
  const config = await readConfig(file);
  const passwords = [...defaultPasswordWarnings(config), ...defaultAdminWarnings(config)];
  const folders = await checkFolders(config);
  // A folder that hangs would hang this too.
  const { checkFfmpeg } = await import("./convert/check-ffmpeg.ts");
  const programs = folders.length === 0 ? checkFfmpeg(config) : [];
  const proxies = proxyWarnings(config);
  const { checkCertificate } = await import("./tls/check-certificate.ts");
  const certificate = await checkCertificate(config).catch((error: unknown) =>
    fail(explain(error), EX_CONFIG),
  );
  const fades = checkCrossfade(config);
  const { checkBranding } = await import("./branding/check-branding.ts");
  const look = [...brandingWarnings(config), ...(await checkBranding(config))];
  const warnings = [
    ...config.warnings,
    ...passwords,
    ...proxies,
    ...folders,
    ...programs,
    ...certificate,
    ...fades,
    ...look,
  ];
  for (const warning of warnings) console.log(`warning: ${warning}`);
  for (const note of brandingNotes(config)) console.log(`note: ${note}`);
  console.log(`${file} is valid`);
  // A hanging folder would keep the process alive.
  process.exit(0);
}

/** The token is stored nowhere: it is printed this once. */
function printToken(name: string): void {
  const made = newToken(name);
  if (made === null) return fail("A token's name is 1 to 64 letters, digits, _, . or -", EX_USAGE);
  console.log(`${made.token}
`);
  console.log(`Send it as "Authorization: Bearer …". It is shown only now.`);
  console.log(`This block in ${CONFIG_NAME} lets it in; scope is read, operate or admin:
`);
  console.log(made.block);
}

async function printHash(): Promise<void> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write("Password (not shown): ");
  const password = stdin.isTTY ? await readHidden(stdin) : await readPiped(stdin);
  if (stdin.isTTY) stderr.write("\n");
  if (password === null) return fail("No hash was made", 1);
  const why = whyNoPassword(password);
  if (why !== null) return fail(why, EX_USAGE);
  console.log(await newHash(password));
  // A terminal that is read would keep the process alive.
  process.exit(0);
}

/** In a checkout only the project's own licence: its packages have theirs. */
async function printLicences(): Promise<void> {
  const file = Bun.file(shipped(isPackaged ? "LICENCES" : "LICENSE"));
  await Bun.write(Bun.stdout, await file.text());
}

/** For health checks that can only run a program. */
async function askHealth(url: string): Promise<never> {
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(HEALTH_MS) });
    return ok ? process.exit(0) : fail(`${url} returned ${status}`, 1);
  } catch (error) {
    return fail(`${url} does not answer (${explain(error)})`, 1);
  }
}

async function loadStation(): Promise<typeof Run> {
  const { Run: Station } = await import("./run.ts");
  Station.prepare();
  return Station;
}

/** Loads the station's modules while a child process reads the configuration. */
async function start(file: string | undefined): Promise<void> {
  let run: Run | undefined;
  const cleanly = (signal: NodeJS.Signals) => {
    // Nothing has started yet that would need a clean stop.
    if (run === undefined) process.exit(0);
    // A hanging file system must not keep the process alive.
    setTimeout(() => process.exit(0), DEADLINE_MS);
    run.stop(signal, GRACE_MS).then(
      () => process.exit(0),
      (error: unknown) => fail(explain(error), 1),
    );
  };
  const onSignal = stopper({ cleanly, atOnce: () => process.exit(1) }, systemClock);
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", onHangUp({ stop: () => onSignal("SIGHUP"), reload: () => run?.reload() }));
  process.on("SIGUSR1", () => void run?.reopenLogs());
  process.on("SIGUSR2", () => undefined);
  const [config, Station] = await Promise.all([readConfig(file), loadStation()]);
  const read = () => chooseConfig(file, PROGRAM);
  run = await Station.start(config, read).catch((error: unknown) => fail(explain(error), 1));
}

/** Start-up errors (a port, the core, memory) include their remedy. */
function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (Bun.argv[2] === PARSE_HCL_ARGUMENT) {
  const { runHclChild } = await import("./config/hcl/child.ts");
  await runHclChild();
}
if (isPackaged && Bun.argv[2] === CONVERT_ARGUMENT) {
  // By a variable, or the bundler would put the decoders into every start of the station.
  const program = "./convert/convert-child.ts";
  await import(program);
  await new Promise<never>(() => undefined);
}
const options = readArguments();
if (options.help) console.log(USAGE);
else if (options.version) console.log(`Cycast ${packageJson.version}`);
else if (options.licences) await printLicences();
else if (options.token !== undefined) printToken(options.token);
else if (options["hash-password"]) await printHash();
else if (options.health !== undefined) await askHealth(options.health);
else if (options.init) await init();
else if (options.import !== undefined) await importFrom(options.import, options.output);
else if (options.check) {
  await check(options.config ?? ownConfig() ?? CONFIG_NAME);
} else {
  const { tuneAllocator } = await import("./native/allocator.ts");
  tuneAllocator();
  await start(options.config);
}
