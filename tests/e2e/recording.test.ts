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
  readonly recordings: readonly {
    readonly trouble: string | null;
    readonly current: { readonly id: string; readonly url: string } | null;
  }[];
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

/** From the first frame of the track on that is in there: on a busy machine there is silence before it. */
function fromTrack(audio: Buffer, track: readonly Uint8Array[]): Buffer {
  const first = track.find((frame) => audio.includes(frame));
  return audio.subarray(first === undefined ? audio.length : audio.indexOf(first));
}

/** The recorded audio is the same as what a listener got, who came in time. */
function expectHeard(audio: Buffer, listened: Buffer, track: readonly Uint8Array[]): void {
  const heard = fromTrack(listened, track);
  const at = audio.indexOf(heard.subarray(0, 2000));
  expect(at).toBeGreaterThanOrEqual(0);
  const length = Math.min(audio.length - at, heard.length);
  expect(length).toBeGreaterThan(20_000);
  expect(audio.subarray(at, at + length).equals(heard.subarray(0, length))).toBe(true);
}

/** The documents of all complete recordings of a folder, and their audio, in the order in which they began. */
async function recordedIn(folder: string) {
  const names = await readdir(folder, { recursive: true });
  const read = async (name: string) => {
    const path = join(folder, name);
    const text = await Bun.file(path.replace(".mp3", ".json")).text();
    const file = Buffer.from(await Bun.file(path).bytes());
    return { document: JSON.parse(text) as RecordingDocument, file };
  };
  const all = await Promise.all(names.filter((name) => name.endsWith(".mp3")).map(read));
  const sorted = all.toSorted((a, b) => a.document.start_ms - b.document.start_ms);
  const audio = sorted.map(({ file, document: { head_bytes: head, audio_bytes: bytes } }) =>
    file.subarray(head, head + bytes),
  );
  return { documents: sorted.map(({ document }) => document), audio: Buffer.concat(audio) };
}

test("a recording is what listeners heard, is listed, comes in ranges, is held, replayed and deleted", async () => {
  await using folder = await scratch();
  const music = join(folder.path, "music");
  const track = await writeTrack(music, "1.mp3", trackFrames(1, 2000));
  const directory = join(folder.path, "recordings");
  const recording = [
    recordingConfig({ directory }),
    recordingConfig({ label: "sources", directory, when: "live", split: "show" }),
  ];
  const config = adminConfig([{ playlist: { directory: music }, recording }]);
  await using radio = await startStation(config);
  using listener = await Wire.listen(radio.listenPort, "/stream");
  const isTrackHeard = () => fromTrack(listener.body, track).length > 30_000;
  await until("the playlist is heard", isTrackHeard, PATIENCE_SECONDS);
  const show = splitFrames(numbered(400)).map(({ bytes }) => bytes);
  using source = await goLive(radio.sourcePort, { headers: "ice-name: Late Show\r\n" });
  source.send(Buffer.concat(show.slice(0, 200)));
  const isHeard = () => listener.body.includes(show[150] ?? "");
  await until("the show is heard", isHeard, PATIENCE_SECONDS);
  const growing = await list(radio);
  expect(growing.recordings.map(({ current }) => current !== null)).toEqual([true, true]);
  const soFar = async () => {
    const [, sources] = (await list(radio)).recordings;
    const answer = await fetch(radio.url + (sources?.current?.url ?? ""), { headers: AS_ADMIN });
    const body = Buffer.from(await answer.arrayBuffer());
    // Its file is made on another thread.
    if (answer.status === 404) return Buffer.alloc(0);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "audio/mpeg"]);
    return body;
  };
  const isOnDisk = async () => (await soFar()).includes(show[100] ?? "");
  await until("what is recorded so far is heard at the desk", isOnDisk, PATIENCE_SECONDS);

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
  // A player that asks for the next part of what grew gets it.
  expect(own.id).toBe(growing.recordings[1]?.current?.id ?? "");
  const audioOf = async ({ file }: { readonly file: string }) => {
    const text = await Bun.file(join(directory, file.replace(".mp3", ".json"))).text();
    const { head_bytes: head, audio_bytes: bytes } = JSON.parse(text) as RecordingDocument;
    const all = Buffer.from(await Bun.file(join(directory, file)).bytes());
    return all.subarray(head, head + bytes);
  };
  expectHeard(await audioOf(whole), listener.body, track);
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

test("what a killed station was recording is completed by the next one", async () => {
  await using home = await scratch();
  const [music, directory] = [join(home.path, "music"), join(home.path, "rec")];
  const track = await writeTrack(music, "1.mp3", trackFrames(1, 4000));
  const rest = recordingBlock(directory, music);
  const namesOf = async (ending: string) => {
    const names = existsSync(directory) ? await readdir(directory, { recursive: true }) : [];
    return names.filter((name) => name.endsWith(ending));
  };
  const longPart = async () => {
    const sizeOf = (name: string) => Bun.file(join(directory, name)).size;
    return (await namesOf(".mp3.part")).find((name) => sizeOf(name) > 60_000);
  };
  {
    await using killed = await operate(home.path, "first", { rest });
    const isLong = async () => (await longPart()) !== undefined;
    await until("something is recorded", isLong, PATIENCE_SECONDS);
    killed.child.kill("SIGKILL");
    await killed.child.exited;
  }
  const name = (await longPart())?.replace(".part", "") ?? "";
  await using station = await operate(home.path, "second", { rest });
  const isCompleted = async () => (await namesOf(".mp3")).includes(name);
  await until("it is complete", isCompleted, PATIENCE_SECONDS);
  const document = await Bun.file(join(directory, name.replace(".mp3", ".json"))).text();
  const {
    head_bytes: head,
    audio_bytes: bytes,
    frames,
  } = JSON.parse(document) as RecordingDocument;
  const file = Buffer.from(await Bun.file(join(directory, name)).bytes());
  expect(file.length).toBe(head + bytes);
  expect(file.readUInt32BE(file.indexOf("Info") + 8)).toBe(frames);
  const own = fromTrack(file, track);
  expect(own.length).toBeGreaterThan(20_000);
  expect(Buffer.concat(track).includes(own)).toBe(true);
  await station.has("completed the recording");
}, 120_000);

/** A path as the station sees it, which has a file system of its own there. */
const seenBy = ({ child }: OperatedStation, path: string) => `/proc/${child.pid}/root${path}`;

test.skipIf(whyNoMount !== null)(
  "a full disk costs listeners nothing, is reported once, and is written again when there is space",
  async () => {
    await using home = await scratch();
    const [music, directory] = [join(home.path, "music"), join(home.path, "rec")];
    const track = await writeTrack(music, "1.mp3", trackFrames(1, 4000));
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
    const hearsOn = () => fromTrack(listener.body.subarray(before), track).length > 30_000;
    await until("the listener hears on", hearsOn, PATIENCE_SECONDS);
    await rm(filler);
    await has("recording resumes in");
    await station.write({ rest: `playlist {\n  directory = "${music}"\n}\n` });
    station.child.kill("SIGHUP");
    const isComplete = async () => {
      const names = await readdir(seenBy(station, directory), { recursive: true });
      const isAny = names.some((name) => name.endsWith(".mp3"));
      return isAny && !names.some((name) => name.endsWith(".part"));
    };
    await until("the recording is complete", isComplete, PATIENCE_SECONDS);
    const { documents, audio } = await recordedIn(seenBy(station, directory));
    expectHeard(audio, listener.body, track);
    expect(documents.flatMap(({ gaps }) => gaps)).toEqual([]);
    expect(station.log().split("cannot record in")).toHaveLength(2);
    expect(listener.isClosed).toBe(false);
  },
  120_000,
);
