// Recordings of a whole station: the bytes that a listener got, the calls about them, and a disk that is full.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { splitFrames } from "../../src/format/frame-slice.ts";
import type { RecordingDocument } from "../../src/recording/document.ts";
import { AS_ADMIN, adminConfig } from "../http/app.ts";
import { numbered, recordingConfig } from "../recording/studio.ts";
import { operate, type OperatedStation } from "../support/operated.ts";
import { whyNoMount, withMount } from "../support/own-mount.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

if (whyNoMount !== null) console.warn(`skipped: ${whyNoMount}`);

async function ask(radio: TestStation, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...AS_ADMIN, "content-type": "application/json", ...init.headers };
  return fetch(`${radio.url}/api/admin/recordings${path}`, { ...init, headers });
}

/** For a machine that does much else. */
const PATIENCE_SECONDS = 60;

interface Listed {
  readonly recordings: readonly { readonly trouble: string | null; readonly current: unknown }[];
  readonly total: number;
  readonly files: readonly {
    readonly id: string;
    readonly file: string;
    readonly bytes: number;
    readonly hold: boolean;
    readonly url: string;
  }[];
}

const list = async (radio: TestStation) => (await (await ask(radio, "")).json()) as Listed;

const post = (radio: TestStation, path: string, body: object) =>
  ask(radio, path, { method: "POST", body: JSON.stringify(body) });

/** The audio of a recording that is the same as what a listener got, who came in time. */
function expectHeard(audio: Buffer, heard: Buffer): void {
  const at = audio.indexOf(heard.subarray(0, 2000));
  expect(at).toBeGreaterThanOrEqual(0);
  const length = Math.min(audio.length - at, heard.length);
  expect(length).toBeGreaterThan(20_000);
  expect(audio.subarray(at, at + length).equals(heard.subarray(0, length))).toBe(true);
}

test("a recording is what listeners heard, is listed, comes in ranges, is held, replayed and deleted", async () => {
  await using folder = await scratch();
  const music = join(folder.path, "music");
  await writeTrack(music, "1.mp3", trackFrames(1, 2000));
  const directory = join(folder.path, "recordings");
  const recording = [
    recordingConfig({ directory }),
    recordingConfig({ label: "sources", directory, when: "live", split: "show" }),
  ];
  const config = adminConfig([{ playlist: { directory: music }, recording }]);
  await using radio = await startStation(config);
  using listener = await Wire.listen(radio.listenPort, "/stream");
  await until("the playlist is heard", () => listener.body.length > 30_000, PATIENCE_SECONDS);
  const show = splitFrames(numbered(400)).map(({ bytes }) => bytes);
  using source = await goLive(radio.sourcePort, { headers: "ice-name: Late Show\r\n" });
  source.send(Buffer.concat(show.slice(0, 200)));
  const isHeard = () => listener.body.includes(show[150] ?? "");
  await until("the show is heard", isHeard, PATIENCE_SECONDS);
  const growing = await list(radio);
  expect(growing.recordings.map(({ current }) => current !== null)).toEqual([true, true]);

  const [mount, ...others] = config.mounts;
  radio.station.reconfigure({ ...config, mounts: [{ ...mount, recording: [] }, ...others] });
  const areComplete = async () => {
    const names = existsSync(directory) ? await readdir(directory, { recursive: true }) : [];
    return names.filter((name) => name.endsWith(".mp3")).length === 2;
  };
  await until("both files are complete", areComplete, PATIENCE_SECONDS);
  radio.station.reconfigure(config);
  const areListed = async () => (await list(radio)).total >= 2;
  await until("they are listed", areListed, PATIENCE_SECONDS);
  const { files } = await list(radio);
  const whole = files.find(({ file }) => !file.includes("Late Show"));
  const own = files.find(({ file }) => file.includes("Late Show"));
  if (whole === undefined || own === undefined) throw new Error("a file is missing");
  const audioOf = async ({ file }: { readonly file: string }) => {
    const text = await Bun.file(join(directory, file.replace(".mp3", ".json"))).text();
    const { head_bytes: head, audio_bytes: bytes } = JSON.parse(text) as RecordingDocument;
    const all = Buffer.from(await Bun.file(join(directory, file)).bytes());
    return all.subarray(head, head + bytes);
  };
  expectHeard(await audioOf(whole), listener.body);
  const sent = Buffer.concat(show);
  const recorded = await audioOf(own);
  expect(recorded.equals(sent.subarray(0, recorded.length))).toBe(true);
  expect(recorded.length).toBeGreaterThan(60_000);

  const range = { headers: { range: "bytes=100-199" } };
  const part = await fetch(radio.url + own.url, { headers: { ...AS_ADMIN, ...range.headers } });
  const bytes = Buffer.from(await Bun.file(join(directory, own.file)).bytes());
  expect([part.status, part.headers.get("content-range")]).toEqual([
    206,
    `bytes 100-199/${bytes.length}`,
  ]);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
  const saved = await ask(radio, `/audio?id=${own.id}&download=1`);
  expect(saved.headers.get("content-disposition")).toStartWith("attachment; ");
  expect(saved.headers.get("content-type")).toBe("audio/mpeg");
  expect(Buffer.from(await saved.arrayBuffer()).equals(bytes)).toBe(true);

  expect((await post(radio, "/hold", { id: own.id, hold: true })).status).toBe(200);
  expect((await ask(radio, `?id=${own.id}`, { method: "DELETE" })).status).toBe(409);
  expect((await post(radio, "/playlist", { id: own.id })).status).toBe(200);
  const copies = (await readdir(music)).filter((name) => name.includes("Late Show"));
  expect(copies).toHaveLength(1);
  expect((await post(radio, "/playlist", { id: own.id })).status).toBe(409);
  expect((await post(radio, "/hold", { id: own.id, hold: false })).status).toBe(200);
  expect((await ask(radio, `?id=${own.id}`, { method: "DELETE" })).status).toBe(200);
  expect(existsSync(join(directory, own.file))).toBe(false);
  expect(existsSync(join(music, copies[0] ?? ""))).toBe(true);
  expect((await ask(radio, `/audio?id=${own.id}`)).status).toBe(404);
  expect(listener.isClosed).toBe(false);
}, 120_000);

const recordingBlock = (directory: string, music: string) => `
playlist {
  directory = "${music}"
}
recording "all" {
  directory = "${directory}"
  when      = "always"
  min_free  = "0"
}
`;

/** A path as the station sees it, which has a file system of its own there. */
const seenBy = ({ child }: OperatedStation, path: string) => `/proc/${child.pid}/root${path}`;

test.skipIf(whyNoMount !== null)(
  "a full disk costs listeners nothing, is reported once, and is written again when there is space",
  async () => {
    await using home = await scratch();
    const [music, directory] = [join(home.path, "music"), join(home.path, "rec")];
    await writeTrack(music, "1.mp3", trackFrames(1, 4000));
    await Bun.write(join(directory, "here"), "");
    const runner = withMount(directory, "size=1m");
    const rest = recordingBlock(directory, music);
    await using station = await operate(home.path, "full", { rest }, runner);
    using listener = await Wire.listen(station.listenPort, "/stream");
    const isBegun = () => existsSync(seenBy(station, `${directory}/stream`));
    await until("something is recorded", isBegun, PATIENCE_SECONDS);
    const filler = seenBy(station, `${directory}/filler`);
    // Until the disk takes no more.
    await Bun.write(filler, new Uint8Array(2 << 20)).catch(() => undefined);
    const has = (line: string) =>
      until(`the log has "${line}"`, () => station.log().includes(line), PATIENCE_SECONDS);
    await has("the disk is full (ENOSPC)");
    const before = listener.body.length;
    const hearsOn = () => listener.body.length > before + 30_000;
    await until("the listener hears on", hearsOn, PATIENCE_SECONDS);
    await rm(filler);
    await has("recording resumes in");
    await station.write({ rest: `playlist {\n  directory = "${music}"\n}\n` });
    station.child.kill("SIGHUP");
    const isWhole = async () => {
      const names = await readdir(seenBy(station, directory), { recursive: true });
      return names.find((name) => name.endsWith(".mp3"));
    };
    const isComplete = async () => (await isWhole()) !== undefined;
    await until("the recording is complete", isComplete, PATIENCE_SECONDS);
    const name = join(seenBy(station, directory), (await isWhole()) ?? "");
    const document = await Bun.file(name.replace(".mp3", ".json")).text();
    const {
      head_bytes: head,
      audio_bytes: bytes,
      gaps,
    } = JSON.parse(document) as RecordingDocument;
    const audio = Buffer.from(await Bun.file(name).bytes()).subarray(head, head + bytes);
    expectHeard(audio, listener.body);
    expect(gaps).toEqual([]);
    expect(station.log().split("cannot record in")).toHaveLength(2);
    expect(listener.isClosed).toBe(false);
  },
  120_000,
);
