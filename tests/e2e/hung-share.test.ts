// A share that hangs, with a real file system under it: its mounts wait, everything else goes on, and it is named.
import { describe, expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { mountShare, type Share, whyNoShares } from "../support/share.ts";
import { scratch, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { Wire } from "../support/wire.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const PASSWORD = "spell-of-the-share";

const missing = whyNoShares();
if (missing !== null) console.warn(`skipped: ${missing}`);

async function folders(home: string) {
  const [origin, local, music] = ["origin", "local", "share"].map((name) => join(home, name));
  if (origin === undefined || local === undefined || music === undefined)
    throw new Error("three names");
  for (const folder of [origin, local]) {
    await mkdir(folder);
    for (let i = 0; i < 3; i++) await writeTrack(folder, `${i}.mp3`, trackFrames(i, 400));
  }
  return { origin, local, music };
}

const mountBlock = (path: string, folder: string) =>
  `mount "${path}" {\n  playlist {\n    directory = "${folder}"\n  }\n}\n`;

function configText(share: string, local: string): string {
  return `server {
  host = "127.0.0.1"
  source_port = 0
  listen_port = 0
  source_password = "${PASSWORD}"
  admin_password = "${PASSWORD}"
}
playlist {
  directory = "${share}"
}
${mountBlock("/second", share)}${mountBlock("/local", local)}`;
}

async function startStation(home: string, share: string, local: string) {
  const file = join(home, "config.hcl");
  await Bun.write(file, configText(share, local));
  const command = [process.execPath, MAIN, "-c", file];
  const child = Bun.spawn(command, { cwd: home, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const said = { out: "", err: "" };
  const keep = async (stream: ReadableStream<Uint8Array>, where: "out" | "err") => {
    const decoder = new TextDecoder();
    for await (const part of stream) said[where] += decoder.decode(part, { stream: true });
  };
  void keep(child.stdout, "out");
  void keep(child.stderr, "err");
  const ask = async (path: string) => {
    const url = /Status page: (\S+)\//.exec(said.out)?.[1] ?? "";
    const authorization = `Basic ${btoa(`admin:${PASSWORD}`)}`;
    return (await fetch(`${url}${path}`, { headers: { authorization } })).text();
  };
  return {
    child,
    ask,
    log: () => said.err,
    isUp: () => said.out.includes("API documentation:"),
    ports: () =>
      [/source to: http:\/\/[^:]+:(\d+)/, /Status page: http:\/\/[^:]+:(\d+)/].map((port) =>
        Number(port.exec(said.out)?.[1]),
      ),
    has: (line: string) => until(`the log has "${line}"`, () => said.err.includes(line)),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function isZombie(pid: number): Promise<boolean> {
  return (await Bun.file(`/proc/${pid}/status`).text()).includes("State:\tZ");
}

/** The share answers before the station has to end: a call that hangs keeps its process from ending. */
async function stage(isHungAtStart = false) {
  const home = await scratch();
  const { origin, local, music } = await folders(home.path);
  const share: Share = await mountShare(origin, music);
  if (isHungAtStart) await share.hang();
  const station = await startStation(home.path, music, local);
  return {
    share,
    station,
    async [Symbol.asyncDispose]() {
      await share.answer();
      await station[Symbol.asyncDispose]();
      await share[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** A station whose log is in a file, and when its banner is complete. */
async function startLogging(home: string, local: string, file: string) {
  const config = join(home, "config.hcl");
  await Bun.write(config, configText(local, local));
  const log = openSync(file, "a");
  const command = [process.execPath, MAIN, "-c", config];
  const child = Bun.spawn(command, { cwd: home, stdin: "ignore", stdout: "pipe", stderr: log });
  closeSync(log);
  let banner = "";
  const decoder = new TextDecoder();
  for await (const part of child.stdout) {
    banner += decoder.decode(part, { stream: true });
    if (banner.includes("API documentation:")) break;
  }
  const port = (what: RegExp) => Number(what.exec(banner)?.[1]);
  return {
    child,
    sourcePort: port(/source to: http:\/\/[^:]+:(\d+)/),
    listenPort: port(/Status page: http:\/\/[^:]+:(\d+)/),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

describe.skipIf(missing !== null)("a share that hangs", () => {
  test("is named in the log and by the doctor while a local playlist plays on, and comes back", async () => {
    await using at = await stage();
    const { share, station } = at;
    for (const mount of ["/stream", "/second", "/local"])
      await station.has(`${mount}: the playlist is on air`);
    // On a busy machine there is silence before the playlist.
    const silences = () => station.log().split("/local: silence is on air").length;
    const silent = silences();
    await share.hang();
    await station.has(`/stream: the playlist directory ${share.path} does not answer`);
    await station.has(`/second: the playlist directory ${share.path} does not answer`);
    expect(await station.ask("/api/admin/doctor")).toContain("has not responded for");
    await station.has("/stream: silence is on air");
    expect(station.log().split(`/stream: the playlist directory`)).toHaveLength(2);
    // Several tracks of 10 s further on, with nothing read ahead left from before.
    const played = () => station.log().split("/local: now playing ").length;
    const before = played();
    await until("the local playlist goes on", () => played() > before);
    expect(silences()).toBe(silent);
    await share.answer();
    await station.has(`/stream: the playlist directory ${share.path} answers again`);
    await until(
      "it plays",
      () => station.log().split("/stream: the playlist is on air").length > 2,
    );
  }, 120_000);

  test("at the start keeps neither port closed nor a local playlist silent", async () => {
    await using at = await stage(true);
    const { share, station } = at;
    await until("the ports are open", station.isUp);
    await station.has("/local: the playlist is on air");
    await station.has(`/stream: the playlist directory ${share.path} does not answer`);
    await share.answer();
    await station.has("/stream: the playlist is on air");
  }, 120_000);

  test("and has the log on it holds nothing up, and gets all lines when it answers", async () => {
    await using home = await scratch();
    const { origin, local, music } = await folders(home.path);
    await using share = await mountShare(origin, music);
    await using station = await startLogging(home.path, local, join(music, "cycast.log"));
    const log = () => Bun.file(join(origin, "cycast.log")).text();
    await until("it logs", async () => (await log()).includes("the playlist is on air"));
    await share.hang();
    for (let i = 0; i < 3; i++) {
      using wire = await Wire.open(station.sourcePort);
      wire.send("a-guess\r\n");
      await wire.closed();
      expect((await fetch(`http://127.0.0.1:${station.listenPort}/health`)).ok).toBe(true);
    }
    expect(await log()).not.toContain("was refused");
    await share.answer();
    await until("it has logged", async () => (await log()).includes("was refused"));
    station.child.kill("SIGTERM");
    expect(await station.child.exited).toBe(0);
    expect(await log()).toContain("stopping (SIGTERM)");
  }, 120_000);

  test("keeps neither a port nor the main thread of a station that is stopped", async () => {
    await using at = await stage();
    const { share, station } = at;
    await station.has("/stream: the playlist is on air");
    await share.hang();
    await station.has(`/stream: the playlist directory ${share.path} does not answer`);
    station.child.kill("SIGTERM");
    // The kernel keeps the thread that hangs, and with it an entry of the process, until the share answers.
    await until("it has ended but for that", () => isZombie(station.child.pid));
    for (const port of station.ports())
      Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
    await share.answer();
    expect(await station.child.exited).toBe(0);
  }, 120_000);
});
