// What it costs to write history: the same listeners, with 50 that come and 50 that go each second, with and without it, in
// turns. Not a part of `make bench`: `bun tests/bench/history.ts --listeners 4000 --pairs 5 --seconds 15`.
import { loadavg, tmpdir } from "node:os";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LoadProgram } from "./load/load-program.ts";
import { until } from "../support/station.ts";
import { makeLoadProgram } from "./load/make.ts";
import { busySeconds, busyThreads, runStation } from "./process.ts";

const { values: options } = parseArgs({
  options: {
    listeners: { type: "string", default: "4000" },
    pairs: { type: "string", default: "5" },
    seconds: { type: "string", default: "15" },
    joins: { type: "string", default: "50" },
    /** For the process that comes and goes: the port. */
    churn: { type: "string" },
  },
});

/** Each stays this long. */
const STAY_SECONDS = 4;

/** Until this process is ended. */
async function churn(port: number, joinsPerSecond: number): Promise<never> {
  const present: { end(): void }[] = [];
  const request = "GET /stream HTTP/1.1\r\nHost: localhost\r\nUser-Agent: VLC/3.0.21\r\n\r\n";
  for (let dueMs = performance.now(); ; dueMs += 1000 / joinsPerSecond) {
    await Bun.sleep(Math.max(0, dueMs - performance.now()));
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: { open: (opened) => void opened.write(request), data: () => undefined },
    });
    present.push(socket);
    if (present.length > joinsPerSecond * STAY_SECONDS) present.shift()?.end();
  }
}

if (options.churn !== undefined) await churn(Number(options.churn), Number(options.joins));

/** Seconds of CPU per second, of all threads. */
async function measure(folder: string, isKept: boolean): Promise<number> {
  process.env["CYCAST_SERVER_STATE_DIRECTORY"] = isKept ? "./state" : "";
  await using station = await runStation(folder);
  await until("the station answers", () =>
    fetch(`${station.url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const port = Number(new URL(station.url).port);
  const login = ["--port", station.sourcePort, "--password", station.password];
  await using source = new LoadProgram("source", [
    ...login,
    "--mount",
    "/stream",
    "--bitrate",
    128,
  ]);
  await source.event("live");
  const seconds = Number(options.seconds);
  const words = ["--port", port, "--path", "/stream", "--listeners", options.listeners];
  const times = ["--stalled", 0, "--ramp-seconds", 4, "--settle-seconds", 4, "--warmup", 4];
  await using crowd = new LoadProgram("crowd", [...words, ...times, "--seconds", seconds + 4]);
  const again = [process.execPath, import.meta.path, "--churn", String(port)];
  const coming = Bun.spawn([...again, "--joins", options.joins], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    await crowd.event("window");
    const before = await busyThreads(station.pid);
    await Bun.sleep(seconds * 1000);
    return busySeconds(before, await busyThreads(station.pid)) / seconds;
  } finally {
    coming.kill("SIGKILL");
    await coming.exited;
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

makeLoadProgram("all");
const folder = await mkdtemp(join(tmpdir(), "cycast-bench-history-"));
try {
  const pairs: (readonly [without: number, kept: number])[] = [];
  console.log("| without | with history | more | load |\n| --- | --- | --- | --- |");
  for (let pair = 0; pair < Number(options.pairs); pair++) {
    const isFirst = pair % 2 === 0;
    const first = await measure(folder, isFirst);
    const second = await measure(folder, !isFirst);
    const [without, kept] = isFirst ? [second, first] : [first, second];
    pairs.push([without, kept]);
    const cells = [percent(without), percent(kept), percent(kept / without - 1)];
    console.log(`| ${cells.join(" | ")} | ${loadavg()[0]?.toFixed(1)} |`);
  }
  const more = median(pairs.map(([without, kept]) => kept / without - 1));
  const cpu = median(pairs.map(([without, kept]) => kept - without));
  console.log(`median: ${percent(more)} more, ${percent(cpu)} of a core`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
