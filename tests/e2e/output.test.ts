// A station whose standard output or error cannot be written: it plays on, and tells later what it had to say.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { freePair } from "../support/ports.ts";
import { scratch, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

/** A station whose output goes to these descriptors; up once it answers. */
async function start(streams: { stdout?: number; stderr?: number }) {
  const [sourcePort, listenPort] = [freePair(), freePair()];
  const file = join(home.path, `${sourcePort}.hcl`);
  const server = `host = "127.0.0.1"\nsource_port = ${sourcePort}\nlisten_port = ${listenPort}`;
  await Bun.write(file, `server {\n${server}\n}\n`);
  const child = Bun.spawn([process.execPath, MAIN, "-c", file], {
    cwd: home.path,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    ...streams,
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${listenPort}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until("it answers", async () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    return answers();
  });
  return {
    sourcePort,
    answers,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      expect(await child.exited).toBe(0);
    },
  };
}

/** Makes the station write a line to its log. */
async function makeItLog(sourcePort: number): Promise<void> {
  using wire = await Wire.open(sourcePort);
  wire.send("SOURCE /stream HTTP/1.0\r\nAuthorization: Basic d3Jvbmc6d3Jvbmc=\r\n\r\n");
  await wire.closed();
}

/** A pipe with a blocking end to write to, as a shell makes them. */
function pipe(name: string) {
  const path = join(home.path, name);
  Bun.spawnSync(["mkfifo", path]);
  const writing = openSync(path, constants.O_RDWR);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { path, writing, reading };
}

/** Leaves no byte of room in it. */
function fill(path: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  for (const piece of [Buffer.alloc(4096, "."), Buffer.from(".")]) {
    try {
      while (writeSync(file, piece) > 0);
    } catch {
      // It is full.
    }
  }
  closeSync(file);
}

/** What is in it. */
function drain(reading: number): string {
  const bytes = Buffer.alloc(1 << 20);
  try {
    return bytes.subarray(0, readSync(reading, bytes)).toString();
  } catch {
    return "";
  }
}

test.each(["stdout", "stderr"] as const)("a full disk behind %s stops nothing", async (stream) => {
  const full = openSync("/dev/full", "w");
  await using station = await start({ [stream]: full });
  closeSync(full);
  await makeItLog(station.sourcePort);
  expect(await station.answers()).toBe(true);
});

test("a log whose reader has gone stops nothing", async () => {
  const { writing, reading } = pipe("gone");
  await using station = await start({ stderr: writing });
  closeSync(writing);
  closeSync(reading);
  await makeItLog(station.sourcePort);
  expect(await station.answers()).toBe(true);
});

test("a log that nobody reads holds nothing up, and is there when it is read", async () => {
  const { path, writing, reading } = pipe("unread");
  fill(path);
  await using station = await start({ stderr: writing });
  await makeItLog(station.sourcePort);
  expect(await station.answers()).toBe(true);
  let text = "";
  await until("the log is complete", () => {
    text += drain(reading).replaceAll(".......", "");
    return text.includes("was refused");
  });
  expect(text).toContain("is on air");
  closeSync(writing);
  closeSync(reading);
});

test("a banner that nobody reads holds nothing up", async () => {
  const { path, writing, reading } = pipe("banner");
  fill(path);
  await using station = await start({ stdout: writing });
  expect(await station.answers()).toBe(true);
  let text = "";
  await until("the banner is complete", () => {
    text += drain(reading);
    return text.includes("Server ready!");
  });
  closeSync(writing);
  closeSync(reading);
});

test("many strangers cannot fill the log", async () => {
  const path = join(home.path, "crowd.log");
  const log = openSync(path, "w");
  await using station = await start({ stderr: log });
  closeSync(log);
  const visits = 200;
  for (let visit = 0; visit < visits; visit++) {
    using wire = await Wire.open(station.sourcePort);
    wire.send(`GET /stream HTTP/1.0\r\nUser-Agent: ${"u".repeat(1000)}\r\n\r\n`);
    await until("it listens", () => wire.text.includes("200 OK"));
  }
  const lines = (await Bun.file(path).text()).split("\n");
  const left = lines.filter((line) => line.includes("access: "));
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(visits / 2);
});
