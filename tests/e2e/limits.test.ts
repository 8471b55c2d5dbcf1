// What the system does not give a station: descriptors for a crowd, sockets that can be tuned.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Descriptors } from "../../src/lib/descriptors.ts";
import { createLog } from "../../src/lib/log.ts";
import { systemClock, wallClock } from "../../src/lib/clock.ts";
import { Station } from "../../src/station/station.ts";
import { testConfig } from "../support/config.ts";
import { requireLinux } from "../support/programs.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const PASSWORD = "correct-horse-battery";
const DESCRIPTORS = 100;
const CROWD = 150;
/** Half a second each, of which five seconds are read ahead. */
const TRACK_FRAMES = 20;
const TRACKS_AHEAD = 10;

/** A station that may have so few files and connections. */
async function runCramped(home: string) {
  for (const seed of [1, 2]) {
    await writeTrack(join(home, "music"), `${seed}.mp3`, trackFrames(seed, TRACK_FRAMES));
  }
  const file = join(home, "cramped.hcl");
  await Bun.write(
    file,
    `server {
      host = "127.0.0.1"
      source_port = 0
      listen_port = 0
      source_password = "${PASSWORD}"
    }`,
  );
  const command = ["sh", "-c", `ulimit -n ${DESCRIPTORS} && exec "$@"`, "sh"];
  const child = Bun.spawn([...command, process.execPath, MAIN, "-c", file], {
    cwd: home,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const told = { out: "", err: "" };
  const keep = async (from: ReadableStream<Uint8Array>, as: "out" | "err") => {
    const decoder = new TextDecoder();
    for await (const chunk of from) told[as] += decoder.decode(chunk, { stream: true });
  };
  void keep(child.stdout, "out");
  void keep(child.stderr, "err");
  await until("the banner is complete", () => told.out.includes("API documentation:"));
  const portOf = (what: RegExp) => Number(what.exec(told.out)?.[1]);
  const listenPort = portOf(/Listen at: http:\/\/[^:]+:(\d+)/);
  const sourcePort = portOf(/Connect your source to: http:\/\/[^:]+:(\d+)/);
  return { child, told, listenPort, sourcePort };
}

/** Processor time, in hundredths of a second. */
async function worked(pid: number): Promise<number> {
  const stat = await Bun.file(`/proc/${pid}/stat`).text();
  const fields = stat.slice(stat.lastIndexOf(")")).split(" ");
  return Number(fields[12]) + Number(fields[13]);
}

async function ask(port: number): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n");
  return wire;
}

const statusOf = (wire: Wire) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(wire.head)?.[1]);

describe.skipIf(!requireLinux("a limit of descriptors"))(
  "a number of listeners that exceeds ulimit -n",
  () => {
    test("is admitted as far as possible, refused as full at both ports, and the music plays on", async () => {
      await using home = await scratch();
      const { child, told, listenPort, sourcePort } = await runCramped(home.path);
      const ports = Array.from({ length: CROWD }, (_, i) =>
        i % 2 === 0 ? listenPort : sourcePort,
      );
      const crowd = await Promise.all(ports.map(ask));
      try {
        const isAnswered = (wire: Wire) => wire.body.length > 0 || wire.isClosed;
        await until("all are answered", () => crowd.every(isAnswered));
        const refused = crowd.filter((wire) => statusOf(wire) === 503);
        const inside = crowd.filter((wire) => statusOf(wire) === 200);
        expect(refused.length + inside.length).toBe(CROWD);
        expect(inside.length).toBeGreaterThan(20);
        expect(inside.length).toBeLessThanOrEqual(36);
        for (const port of [listenPort, sourcePort]) {
          expect(refused.some((wire) => ports[crowd.indexOf(wire)] === port)).toBe(true);
        }
        await until("who was refused is closed", () => refused.every((wire) => wire.isClosed));
        // A busy machine also closes clients that have waited for a second.
        const isFull = refused.map(({ text }) => text.includes("The station is full"));
        expect(isFull).toContain(true);
        for (const { text } of refused)
          expect(text).toMatch(/The station is full|Too many connect/);
        expect(told.err).toContain("listeners are refused: out of file descriptors");
        expect(told.err).toMatch(/warn .*allows about 36: further listeners are refused/);

        const plays = () => told.err.match(/now playing \S+\.mp3/g)?.length ?? 0;
        const [sofar, work, sinceMs] = [plays(), await worked(child.pid), performance.now()];
        await until("tracks play that were opened since", () => plays() > sofar + TRACKS_AHEAD + 2);
        const share = ((await worked(child.pid)) - work) / ((performance.now() - sinceMs) / 10);
        expect(share).toBeLessThan(0.5);
        expect(told.err).not.toContain("EMFILE");
        expect(inside.every((wire) => !wire.isClosed)).toBe(true);
        using dj = await goLive(sourcePort, { password: PASSWORD });
        expect(dj.text).toContain("200 OK");
      } finally {
        for (const wire of crowd) wire[Symbol.dispose]();
        child.kill("SIGTERM");
      }
      expect(await child.exited).toBe(0);
    });
  },
);

describe("the start warns of too few descriptors", () => {
  const warningsOf = (maxListeners: number[], limit: number): readonly string[] => {
    const mounts = maxListeners.map((max, i) => ({ path: `/${i}`, maxListeners: max }));
    const [first = {}, ...others] = mounts;
    const log = createLog(() => undefined);
    const config = testConfig([first, ...others]);
    const station = new Station(config, systemClock, log, wallClock, new Descriptors(limit));
    void station.stop();
    return station.warnings;
  };

  test.each([
    [[1000], 1063, 1],
    [[1000], 1064, 0],
    [[600, 400], 1063, 1],
    [[0, 10], 4159, 1],
    [[0, 10], 4160, 0],
    [[1000], Infinity, 0],
  ])("with max_listeners %j and %d descriptors: %d warnings", (maxListeners, limit, count) => {
    const warnings = warningsOf(maxListeners, limit);
    expect(warnings.length).toBe(count);
    for (const warning of warnings) expect(warning).toContain(`about ${limit - 64}:`);
  });
});

test("when its sockets cannot be tuned a station says so once", async () => {
  await using radio = await startStation(testConfig());
  const told = () => radio.logged.filter((line) => /^warn .* cannot be tuned/.test(line));
  expect(told()).toEqual([]);
  // Nobody listens there.
  radio.station.ports.tune(1);
  radio.station.ports.tune(1);
  expect(told().length).toBe(1);
});
