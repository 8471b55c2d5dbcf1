// A real encoder's silence on real sockets: the playlist comes in between, nobody is disconnected, and it is said everywhere.
import { expect, test } from "bun:test";
import { splitFrames } from "../../src/format/frame-slice.ts";
import { readLayer3 } from "../../src/format/mpeg/layer3.ts";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import { concat } from "../format/mpeg-builder.ts";
import { testConfig } from "../support/config.ts";
import { IcyReader } from "../support/icy.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const canRun = requireProgram("ffmpeg") !== null;
const METAINT = 16_000;

/** A second of music, three of digital silence, and music to the end. */
const SHOW = "(0.2*sin(2*PI*(330+40*sin(t))*t)+0.1*(random(0)-0.5))*(lt(t,1)+gt(t,4))";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

function indexOf(body: Buffer, frame: Uint8Array | undefined): number {
  return frame === undefined ? -1 : body.lastIndexOf(frame);
}

function framesIn(bytes: Uint8Array): Uint8Array[] {
  return splitFrames(createMpegParser().push(bytes)).map((frame) => frame.bytes);
}

async function encodedShow(): Promise<Uint8Array[]> {
  const input = ["-f", "lavfi", "-i", `aevalsrc='${SHOW}|${SHOW}':s=44100:d=8`];
  const output = "-c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0 -f mp3 -".split(" ");
  return framesIn(await run(["ffmpeg", "-v", "error", ...input, ...output]));
}

test.skipIf(!canRun)(
  "a source that goes silent gives way to the playlist until its sound returns",
  async () => {
    const show = await encodedShow();
    const returns = show.findIndex((frame, i) => i > 60 && readLayer3(frame)?.needBytes !== 0);

    await using music = await scratch();
    const track = await writeTrack(music.path, "1.mp3", trackFrames(1, 800));
    const playlist = { directory: music.path };
    await using radio = await startStation(testConfig([{ playlist, silenceTimeout: 1 }]));
    using plain = await Wire.listen(radio.listenPort, "/stream");
    using icy = await Wire.listen(radio.sourcePort, "/stream", "Icy-MetaData: 1\r\n");
    const mount = () => radio.station.facts().mounts[0];
    const health = async () => (await fetch(`${radio.url}/health/ready`)).json();

    using source = await goLive(radio.sourcePort);
    source.send(concat(...show.slice(0, 60)));
    await until("the source is on air", () => mount().onAir === "live");
    const inputs = radio.station.all[0].mount.inputs;
    await until("the next track is there", () => inputs.every(({ ready }) => ready));
    source.send(concat(...show.slice(60, returns)));
    await until("the source was silent", () => mount().silentInputs.length > 0);
    await until("the playlist is on air", () => mount().onAir === "playlist");
    await until("the music was heard", () => indexOf(plain.body, show[30]) >= 0);
    const shown = indexOf(plain.body, show[30]);
    await until("the playlist is heard", () =>
      track.some((frame) => indexOf(plain.body, frame) > shown),
    );
    const name = mount().silentInputs[0]?.name ?? "";
    expect(radio.logged.filter((line) => line.includes("has been silent"))).toEqual([
      `warn /stream: ${name} has been silent for 1 s (below -60 dBFS): it counts as no audio until sound returns`,
    ]);
    expect(await health()).toMatchObject({
      status: "ok",
      notes: [
        "/stream: its source sends silence, and something else plays until its sound returns",
      ],
    });

    source.send(concat(...show.slice(returns)));
    await until("the source is back", () => mount().onAir === "live");
    const tail = concat(...show.slice(-20));
    await until("its last frames are heard", () => plain.body.includes(tail));
    expect(await health()).toMatchObject({ status: "ok", reasons: [], notes: [] });

    const heard = framesIn(plain.body).map(hex);
    const [live, files] = [show.map(hex), track.map(hex)];
    const first = heard.indexOf(live[0] ?? "");
    const between = heard.findIndex((frame, i) => i > first && files.includes(frame));
    const end = heard.indexOf(live.at(-1) ?? "", between);
    const back = heard.findLastIndex((frame, i) => i < end && files.includes(frame)) + 1;
    // One run of the show, one of the playlist, and the show again to its end: no frame twice, none left out within.
    expect(between).toBeGreaterThan(first);
    expect(heard.slice(first, between)).toEqual(live.slice(0, between - first));
    const from = files.indexOf(heard[between] ?? "");
    expect(heard.slice(between, back)).toEqual(files.slice(from, from + back - between));
    // Two frames at most are made anew, since what they refer to was not heard.
    const rest = heard.slice(back + 2, end + 1);
    expect(rest).toEqual(live.slice(-rest.length));
    expect(live.length - rest.length).toBeGreaterThanOrEqual(returns);
    expect(between - first).toBeLessThan(returns);

    const reader = new IcyReader(METAINT);
    await until(
      "the other listener has it too",
      () => icy.body.length > plain.body.length - 20_000,
    );
    reader.push(icy.body);
    expect(reader.audio.includes(plain.body.subarray(-40_000, -20_000))).toBe(true);
    expect([plain.isClosed, icy.isClosed]).toEqual([false, false]);
  },
);

test.skipIf(!canRun)(
  "where no playlist plays, listeners are at the fallback until the sound returns",
  async () => {
    const show = await encodedShow();
    const talkMount = { path: "/talk" };
    await using radio = await startStation(
      testConfig([{ fallback: "/talk", silenceTimeout: 1 }, talkMount]),
    );
    const listeners = () => radio.station.facts().mounts.map((mount) => mount.listeners);
    using talk = await goLive(radio.sourcePort, { path: "/talk" });
    talk.send(concat(...trackFrames(3, 100)));
    using source = await goLive(radio.sourcePort);
    source.send(concat(...show.slice(0, 60)));
    await until("both are live", () =>
      radio.station.facts().mounts.every(({ onAir }) => onAir === "live"),
    );
    using listener = await Wire.listen(radio.listenPort, "/stream");
    await until("it listens", () => listeners().join() === "1,0");
    source.send(concat(...show.slice(60, 150)));
    await until("it is at the fallback", () => listeners().join() === "0,1");
    const ready = await (await fetch(`${radio.url}/health/ready`)).json();
    expect(ready).toMatchObject({ status: "ok" });
    source.send(concat(...show.slice(150)));
    await until("it is back", () => listeners().join() === "1,0");
    expect(listener.isClosed).toBe(false);
  },
);
