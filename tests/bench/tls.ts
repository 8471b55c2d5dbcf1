// Listeners over TLS beside the same listeners without, of Cycast and of Icecast. Not a part of `make bench`:
// `bun tests/bench/tls.ts --listeners 1000,4000 --seconds 15` measures it alone.
import { loadavg, tmpdir } from "node:os";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeCertificate, type PairFiles } from "../support/certificates.ts";
import { LoadProgram } from "./load/load-program.ts";
import { cycast, icecast, type Peer, secureCycast, secureIcecast } from "./peers.ts";
import { busySeconds, busyThreads, residentMB } from "./process.ts";
import { steady } from "./scenarios.ts";

const { values: options } = parseArgs({
  options: {
    listeners: { type: "string", default: "1000,4000" },
    seconds: { type: "string", default: "15" },
    /** After all have come. */
    warmup: { type: "string", default: "15" },
    bitrate: { type: "string", default: "128" },
    servers: { type: "string", default: "" },
  },
});

const CROWD = join(import.meta.dir, "tls-crowd.ts");

/** Of one process that only reads: more would hold up each other's handshakes. */
const MOST_IN_A_PROCESS = 2000;

interface Tally {
  readonly event: string;
  readonly heard: number;
  readonly bytes: number;
  readonly closed: number;
}

class Crowd implements AsyncDisposable {
  readonly #process;
  #last: Tally = { event: "", heard: 0, bytes: 0, closed: 0 };
  readonly isIn: Promise<void>;

  constructor(port: number, count: number, kind: "tls" | "plain") {
    const command = [process.execPath, CROWD, String(port), String(count), kind];
    this.#process = Bun.spawn(command, { stdio: ["ignore", "pipe", "inherit"] });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.isIn = promise;
    void this.#read(resolve);
  }

  get last(): Tally {
    return this.#last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  async #read(onIn: () => void): Promise<void> {
    const decoder = new TextDecoder();
    let held = "";
    for await (const part of this.#process.stdout) {
      const lines = (held + decoder.decode(part, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) {
        this.#last = JSON.parse(line) as Tally;
        if (this.#last.event === "in") onIn();
      }
    }
  }
}

interface Row {
  readonly peer: string;
  readonly listeners: number;
  readonly heard: number;
  readonly cpuSecondsPerGB: number;
  readonly kibEach: number;
  /** CPU for a listener that comes, its burst included. */
  readonly cpuMsToJoin: number;
  readonly secondsToJoin: number;
  readonly closed: number;
}

const sum = (crowds: readonly Crowd[], of: (tally: Tally) => number) =>
  crowds.reduce((total, { last }) => total + of(last), 0);

async function measure(peer: Peer, kind: "tls" | "plain", listeners: number): Promise<Row> {
  const bitrate = Number(options.bitrate);
  await using place = await peer.start(steady(listeners, false, bitrate));
  const login = ["--port", place.sourcePort, "--password", place.password, "--mount", "/stream"];
  await using source = new LoadProgram("source", [...login, "--bitrate", bitrate]);
  await source.event("live");
  await using programs = new AsyncDisposableStack();
  const crowd = (count: number) => programs.use(new Crowd(place.listenPort, count, kind));
  await crowd(1).isIn;
  const empty = { busy: await busyThreads(place.pid), memory: await residentMB(place.pid) };
  const startedMs = performance.now();
  const crowds: Crowd[] = [];
  for (let left = listeners; left > 0; left -= MOST_IN_A_PROCESS)
    crowds.push(crowd(Math.min(left, MOST_IN_A_PROCESS)));
  await Promise.all(crowds.map(({ isIn }) => isIn));
  const secondsToJoin = (performance.now() - startedMs) / 1000;
  const cpuToJoin = busySeconds(empty.busy, await busyThreads(place.pid));
  await Bun.sleep(Number(options.warmup) * 1000);
  const before = { busy: await busyThreads(place.pid), bytes: sum(crowds, ({ bytes }) => bytes) };
  await Bun.sleep(Number(options.seconds) * 1000);
  const cpu = busySeconds(before.busy, await busyThreads(place.pid));
  const bytes = sum(crowds, (tally) => tally.bytes) - before.bytes;
  const grown = (await residentMB(place.pid)) - empty.memory;
  return {
    peer: peer.name,
    listeners,
    heard: sum(crowds, ({ heard }) => heard),
    cpuSecondsPerGB: cpu / (bytes / 1e9),
    kibEach: (grown * 1e6) / 1024 / listeners,
    cpuMsToJoin: (cpuToJoin * 1000) / listeners,
    secondsToJoin,
    closed: sum(crowds, ({ closed }) => closed),
  };
}

function peers(pair: PairFiles): (readonly [Peer, "tls" | "plain"])[] {
  const program = Bun.which("icecast2");
  const others = program === null ? [] : [[icecast("Icecast 2", program), "plain"] as const];
  const secure =
    program === null ? [] : [[secureIcecast("Icecast 2, TLS", program, pair), "tls"] as const];
  const own = [
    [cycast("source port"), "plain"] as const,
    [secureCycast(pair), "tls"] as const,
    ...others,
    ...secure,
  ];
  return own.filter(([{ name }]) => name.includes(options.servers));
}

const folder = await mkdtemp(join(tmpdir(), "cycast-bench-tls-"));
try {
  const pair = await makeCertificate(folder, "station");
  console.log(
    "| server | listeners | CPU s per GB | KiB each | CPU ms to join | s to join | load |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const listeners of options.listeners.split(",").map(Number)) {
    for (const [peer, kind] of peers(pair)) {
      const row = await measure(peer, kind, listeners);
      const all = [row.cpuSecondsPerGB, row.kibEach, row.cpuMsToJoin, row.secondsToJoin];
      const cells = [row.peer, `${row.heard} of ${listeners}`, ...all.map((one) => one.toFixed(2))];
      console.log(`| ${cells.join(" | ")} | ${loadavg()[0]?.toFixed(1)} |`);
      if (row.closed > 0) console.log(`${row.closed} were disconnected`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
