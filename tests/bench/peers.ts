// What a user could run instead: each server as its keeper would start it, on free ports of this machine.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SENDS_SPREAD, staysAtOnce } from "../../src/output/at-once.ts";
import { descriptorLimit } from "../../src/lib/descriptors.ts";
import type { PairFiles } from "../support/certificates.ts";
import { freePort } from "../support/ports.ts";
import type { Scenario } from "./fan-out.ts";
import { isSteady } from "./scenarios.ts";

const LOAD = join(import.meta.dir, "load", "build", "load");

const ROOT = join(import.meta.dir, "..", "..");
const PASSWORD = "bench";
const READY_SECONDS = 10;

/** Where a running server takes its source and serves its listeners. */
export interface Place {
  readonly pid: number;
  readonly sourcePort: number;
  readonly listenPort: number;
  readonly password: string;
  /** Of its status document. */
  readonly statusUrl: string | null;
}

export interface Peer {
  readonly name: string;
  /** It is another server for each scenario. */
  readonly isMadeToMeasure: boolean;
  /** It gets faster in its first minute. */
  readonly compiles: boolean;
  /** Whether there is something to see: a server may have no titles, or no status. */
  takes(scenario: Scenario): boolean;
  start(scenario: Scenario): Promise<Place & AsyncDisposable>;
}

interface Launch {
  readonly command: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly sourcePort: number;
  readonly listenPort: number;
  readonly statusPath: string | null;
}

/** Icecast will not be root. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "HOME=/tmp"]
    : [];

async function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
  const isUp = await promise;
  socket.destroy();
  return isUp;
}

async function ready(ports: readonly number[]): Promise<void> {
  const end = performance.now() + READY_SECONDS * 1000;
  while (!(await Promise.all(ports.map(answers))).every(Boolean)) {
    if (performance.now() > end) throw new Error("it does not take connections");
    await Bun.sleep(20);
  }
}

/** `launch` is told a folder that goes with the server. */
function peer(
  name: string,
  launch: (folder: string, scenario: Scenario) => Launch,
  kind: Partial<Omit<Peer, "name" | "start">> = {},
): Peer {
  return {
    name,
    isMadeToMeasure: false,
    compiles: false,
    takes: () => true,
    ...kind,
    async start(scenario) {
      const folder = await mkdtemp(join(tmpdir(), "cycast-bench-"));
      await chmod(folder, 0o777);
      const { command, files, sourcePort, listenPort, statusPath } = launch(folder, scenario);
      for (const [file, text] of Object.entries(files)) await Bun.write(join(folder, file), text);
      const server = Bun.spawn([...command], { cwd: ROOT, stdio: ["ignore", "ignore", "ignore"] });
      const stop = async () => {
        server.kill("SIGKILL");
        await server.exited;
        await rm(folder, { recursive: true, force: true });
      };
      await ready([sourcePort, listenPort]).catch(async (error: unknown) => {
        await stop();
        throw new Error(`it was not ready in ${READY_SECONDS} s`, { cause: error });
      });
      return {
        pid: server.pid,
        sourcePort,
        listenPort,
        password: PASSWORD,
        statusUrl: statusPath && `http://127.0.0.1:${listenPort}${statusPath}`,
        [Symbol.asyncDispose]: stop,
      };
    },
  };
}

/** Mounts beside the first inherit everything. */
function cycastConfig(
  folder: string,
  sourcePort: number,
  listenPort: number,
  mounts: number,
  pair?: PairFiles,
): string {
  const tls = pair && `tls {\n  certificate = "${pair.certificate}"\n  key = "${pair.key}"\n}\n`;
  const others = Array.from({ length: mounts - 1 }, (_, i) => `mount "/mount${i + 1}" {\n}\n`);
  return `server {
  host = "127.0.0.1"
  source_port = ${sourcePort}
  listen_port = ${listenPort}
  source_password = "${PASSWORD}"
}
playlist {
  directory = "${folder}"
}
${tls ?? ""}${others.join("")}`;
}

/** `door`: the port that listeners come to. */
export function cycast(door: "listen port" | "source port", mounts = 1, pair?: PairFiles): Peer {
  const launch = (folder: string): Launch => {
    const [sourcePort, listenPort] = [freePort(), freePort()];
    const file = join(folder, "config.hcl");
    return {
      command: [process.execPath, "src/main.ts", "--config", file],
      files: { "config.hcl": cycastConfig(folder, sourcePort, listenPort, mounts, pair) },
      sourcePort,
      listenPort: door === "listen port" ? listenPort : sourcePort,
      statusPath: "/api/status",
    };
  };
  return peer(`Cycast, ${door}${pair === undefined ? "" : ", TLS"}`, launch, { compiles: true });
}

/** Its source port takes TLS too. */
export function secureCycast(pair: PairFiles): Peer {
  return cycast("source port", 1, pair);
}

/** Appends a port of TLS to Icecast's configuration: certificate and key are one file. */
function withTls(config: string, port: number, file: string): string {
  const socket = `<listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address><ssl>1</ssl></listen-socket>`;
  return config.replace("<paths>", `${socket}<paths><ssl-certificate>${file}</ssl-certificate>`);
}

function icecastConfig(folder: string, port: number): string {
  const paths = ["basedir", "logdir", "webroot", "adminroot"];
  return `<icecast>
    <hostname>localhost</hostname>
    <limits><clients>20000</clients><sources>4</sources><burst-size>65535</burst-size></limits>
    <authentication>
      <source-password>${PASSWORD}</source-password><relay-password>a</relay-password>
      <admin-user>admin</admin-user><admin-password>a</admin-password>
    </authentication>
    <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
    <paths>${paths.map((path) => `<${path}>${folder}</${path}>`).join("")}</paths>
    <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>2</loglevel></logging>
    <security><chroot>0</chroot></security>
  </icecast>`;
}

/** Icecast or a descendant that takes its configuration. */
export function icecast(name: string, program: string): Peer {
  const launch = (folder: string): Launch => {
    const port = freePort();
    return {
      command: [...AS_NOBODY, program, "-c", join(folder, "icecast.xml")],
      files: { "icecast.xml": icecastConfig(folder, port) },
      sourcePort: port,
      listenPort: port,
      statusPath: null,
    };
  };
  return peer(name, launch, { takes: ({ asksStatus }) => !asksStatus });
}

/** The same, whose listeners use TLS. */
export function secureIcecast(name: string, program: string, pair: PairFiles): Peer {
  const launch = (folder: string): Launch => {
    const [sourcePort, listenPort] = [freePort(), freePort()];
    const file = join(folder, "bundle.pem");
    const bundle = readFileSync(pair.certificate, "utf8") + readFileSync(pair.key, "utf8");
    return {
      command: [...AS_NOBODY, program, "-c", join(folder, "icecast.xml")],
      files: {
        "bundle.pem": bundle,
        "icecast.xml": withTls(icecastConfig(folder, sourcePort), listenPort, file),
      },
      sourcePort,
      listenPort,
      statusPath: null,
    };
  };
  return peer(name, launch, { takes: ({ asksStatus }) => !asksStatus });
}

/** Of the floor: its ports and the like. */
const OWN_DESCRIPTORS = 32;

/** What Cycast lets its sends grow to: the shipped chunk_size. */
const CHUNK_SIZE = 16_384;

/** Between two writes of the load source. */
const WRITE_SECONDS = 0.104;

function sendSize({ listeners, bitrate }: Scenario): number {
  const bytesPerSecond = bitrate * 125;
  // A send a write to each of few.
  const isAtOnce = staysAtOnce(true, listeners);
  const seconds = isAtOnce ? WRITE_SECONDS : listeners / SENDS_SPREAD;
  return Math.ceil(Math.min(CHUNK_SIZE, seconds * bytesPerSecond));
}

/** The least that any server can cost: a loop in C that only sends, as much at a time as Cycast does. */
export function floor(): Peer {
  const launch = (_: string, scenario: Scenario): Launch => {
    const port = freePort();
    // Those of a crowd that has gone keep their places until it sends to them, where there are as many.
    const most = Math.min(scenario.listeners * 2 + 2, descriptorLimit() - OWN_DESCRIPTORS);
    const sizes = ["--span", String(sendSize(scenario)), "--max", String(most)];
    return {
      command: [LOAD, "floor", "--port", String(port), ...sizes],
      files: {},
      sourcePort: port,
      listenPort: port,
      statusPath: null,
    };
  };
  const takes = (scenario: Scenario) => isSteady(scenario) && !scenario.icy;
  return peer("bare C, same sends", launch, { isMadeToMeasure: true, takes });
}
