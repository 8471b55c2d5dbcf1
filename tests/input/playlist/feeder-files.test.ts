// The feeder and its files: what appears, vanishes, breaks, is mended or overwritten while the playlist plays.
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { concat, garbage, mpegFrame, mpegFrames, withMagic } from "../../format/mpeg-builder.ts";
import { until } from "../../support/station.ts";
import { FRAME_MS, silentShow, trackFrames } from "../../support/tracks.ts";
import { Dj, names, Radio, run, TICK_MS } from "./radio.ts";

// Longer than a wait in vain.
setDefaultTimeout(120_000);

/** The table that LAME writes in front: so many frames, and so many bytes of them. */
function infoFrame(frames: number, bytes: number): Uint8Array {
  const info = withMagic(mpegFrame({ payload: "zero" }), 36, "Info");
  const view = new DataView(info.buffer);
  for (const [i, value] of [3, frames, info.length + bytes].entries())
    view.setUint32(40 + 4 * i, value);
  return info;
}

describe("a track", () => {
  test("is announced with its first frame, and so is its title", async () => {
    await using radio = await Radio.open();
    await radio.write("1 A - One.mp3", trackFrames(1, 40));
    await radio.write("2 B - Two.mp3", trackFrames(2, 40));
    const { mount } = radio.stage;
    await radio.play(1);
    expect(mount.metadata).toEqual({ artist: "1 A", title: "One" });
    expect(radio.stage.told("now playing")).toEqual([
      `info /stream: now playing ${radio.path("1 A - One.mp3")}`,
    ]);
    await radio.play(0.1);
    expect(mount.metadata).toEqual({ artist: "2 B", title: "Two" });
    expect(radio.stage.told("now playing").length).toBe(2);
    expect(radio.feeder.format).toEqual({ codec: "mp3", sampleRate: 44_100, channels: 2 });
    expect(radio.feeder.bitrate).toBe(128);
  });

  test("that appears is played within the round, one that vanished is not", async () => {
    await using radio = await Radio.open();
    const tracks = {
      a: await radio.write("a.mp3", trackFrames(1, 200)),
      c: await radio.write("c.mp3", trackFrames(2, 200)),
      b: trackFrames(3, 200),
    };
    await radio.play(0.1);
    await radio.write("b.mp3", tracks.b);
    await rm(radio.path("c.mp3"));
    await radio.play(15);
    const expected = [...run("a", 0, 200), ...run("b", 0, 200), ...run("a", 0, 200)];
    expect(names(radio, tracks)).toEqual(expected.slice(0, radio.stage.heard.length));
  });

  test("that is deleted while it plays is played to its end", async () => {
    await using radio = await Radio.open();
    const frames = await radio.write("1.mp3", trackFrames(1, 800));
    await radio.play(1);
    await rm(radio.path("1.mp3"));
    await radio.play(25, 4 * TICK_MS);
    expect(radio.stage.audio.subarray(0, concat(...frames).length).equals(concat(...frames))).toBe(
      true,
    );
    expect(radio.stage.told("silence is on air").length).toBe(1);
    expect(radio.stage.told("skipped")).toEqual([]);
  });

  test("that is overwritten in place by another kind of file ends, and the next one comes", async () => {
    await using radio = await Radio.open();
    await radio.write("1.mp3", trackFrames(1, 2000));
    const next = await radio.write("2.mp3", trackFrames(2, 100));
    await radio.play(1);
    await writeFile(radio.path("1.mp3"), garbage(900_000));
    await radio.play(12);
    expect(names(radio, { b: next })).toContain("b0");
    expect(radio.stage.told("silence")).toEqual([]);
  });

  test("that still grows is played whole, once", async () => {
    await using radio = await Radio.open();
    const frames = trackFrames(1, 600);
    const path = radio.path("upload.mp3");
    await writeFile(path, concat(...frames.slice(0, 120)));
    for (let count = 120; count <= 600; count += 8) {
      await writeFile(path, concat(...frames.slice(0, count)));
      await radio.play(0.1);
    }
    await radio.play(10);
    expect(names(radio, { a: frames }).slice(0, 600)).toEqual(run("a", 0, 600));
  });

  test("that still grows is played whole where it is silent too: its end is not known yet", async () => {
    await using radio = await Radio.open({ trimSilence: 0.5 });
    const frames = [...trackFrames(1, 120), ...silentShow(400), ...trackFrames(2, 80)];
    const path = radio.path("upload.mp3");
    await writeFile(path, concat(...frames.slice(0, 120)));
    for (let count = 120; count <= 600; count += 8) {
      await writeFile(path, concat(...frames.slice(0, count)));
      await radio.play(0.1);
    }
    await radio.play(9);
    expect(radio.stage.told("now playing").length).toBe(1);
    const heard = Buffer.from(radio.stage.audio);
    expect(heard.includes(concat(...frames.slice(100, 540)))).toBe(true);
  });

  test("with a name that is not UTF-8 is played, in a folder of such a name too, and shown", async () => {
    await using radio = await Radio.open();
    const frames = trackFrames(1, 40);
    const folder = Buffer.from(`${radio.path("M\xfasica")}`, "latin1");
    await mkdir(folder);
    await writeFile(
      Buffer.concat([folder, Buffer.from("/Garc\xeda - Te Bot\xe9.mp3", "latin1")]),
      concat(...frames),
    );
    await radio.play(0.5);
    expect(names(radio, { a: frames })).toContain("a0");
    expect(radio.feeder.heardFile).toBe("Música/García - Te Boté.mp3");
    expect(radio.stage.mount.metadata).toEqual({ artist: "García", title: "Te Boté" });
  });

  test("that cannot be read at all is skipped with one line, however many rounds are played", async () => {
    await using radio = await Radio.open();
    const good = await radio.write("2.mp3", trackFrames(1, 30));
    await writeFile(radio.path("1.mp3"), garbage(500));
    await symlink(radio.path("3.mp3"), radio.path("3.mp3"));
    await mkdir(radio.path("4.mp3"));
    expect(Bun.spawnSync(["mkfifo", radio.path("5.mp3")]).exitCode).toBe(0);
    await radio.play(10);
    expect(new Set(names(radio, { g: good }))).toEqual(new Set(run("g", 0, 30)));
    expect(radio.stage.told("skipped")).toEqual([
      "warn /stream: 1.mp3 is skipped: it has no playable audio",
      "warn /stream: 3.mp3 is skipped: it cannot be read (ELOOP)",
      "warn /stream: 5.mp3 is skipped: it is not a file",
    ]);
    expect(radio.playlist.count).toBe(1);
  });

  test("that is cut short is played as far as it goes, and one line says what is missing", async () => {
    await using radio = await Radio.open();
    const frames = trackFrames(1, 100);
    const info = infoFrame(100, concat(...frames).length);
    for (const [name, count] of [
      ["1.mp3", 25],
      ["2.mp3", 100],
    ] as const) {
      await writeFile(radio.path(name), concat(info, ...frames.slice(0, count)));
      await utimes(radio.path(name), 1e9, 1e9);
    }
    await radio.play(8);
    expect(names(radio, { a: frames }).slice(0, 125)).toEqual([
      ...run("a", 0, 25),
      ...run("a", 0, 100),
    ]);
    expect(radio.stage.told("cut short")).toEqual([
      "warn /stream: 1.mp3 is cut short: 74 % of it is missing",
    ]);
    expect(radio.playlist.chosen(radio.path("1.mp3"))?.seconds).toBeCloseTo(0.68, 1);
  });

  test("that was repaired is played again, and logged again if it breaks again", async () => {
    await using radio = await Radio.open();
    const [a, b] = [trackFrames(1, 30), trackFrames(2, 30)];
    await radio.write("a.mp3", a);
    await writeFile(radio.path("b.mp3"), garbage(500));
    await radio.play(3);
    await radio.write("b.mp3", b);
    await radio.play(8);
    expect(names(radio, { a, b })).toContain("b0");
    await writeFile(radio.path("b.mp3"), garbage(600));
    await radio.play(8);
    expect(radio.stage.told("b.mp3 is skipped").length).toBe(2);
  });

  test("of another rate or channel count than the mount's is skipped with one line", async () => {
    await using radio = await Radio.open();
    // Shorter than what is read ahead: the others are opened before the mount has a format.
    const good = await radio.write("1.mp3", trackFrames(1, 20));
    await radio.write("2.mp3", mpegFrames(20, { sampleRate: 48_000 }));
    await radio.write("3.mp3", mpegFrames(20, { mode: "mono" }));
    await radio.play(5);
    expect(new Set(names(radio, { g: good }))).toEqual(new Set(run("g", 0, 20)));
    expect(radio.stage.told("skipped")).toEqual([
      "warn /stream: 2.mp3 is skipped: it is MP3 48 kHz stereo, the mount is MP3 44.1 kHz stereo",
      "warn /stream: 3.mp3 is skipped: it is MP3 44.1 kHz mono, the mount is MP3 44.1 kHz stereo",
    ]);
  });
});

describe("an empty playlist", () => {
  test("is silence in the format of what was heard, until a file appears", async () => {
    await using radio = await Radio.open();
    const { stage } = radio;
    await radio.play(1);
    const silent = stage.heard.length;
    expect(silent).toBe(Math.floor((1000 - TICK_MS) / FRAME_MS) + 1);
    const frames = await radio.write("1.mp3", trackFrames(1, 40));
    await until("it is noticed", () => radio.feeder.ready);
    await radio.play(1);
    expect(names(radio, { n: frames }).slice(silent, silent + 38)).toEqual(run("n", 0, 38));
    expect(stage.told("is on air")).toEqual([
      "info /stream: silence is on air",
      "info /stream: the playlist is on air",
    ]);
  });

  test("of broken files is silent, logs each once, and goes on when one is repaired", async () => {
    await using radio = await Radio.open();
    for (let i = 0; i < 50; i++) await writeFile(radio.path(`${i}.mp3`), garbage(100 + i));
    await radio.play(1);
    await radio.feeder.fill();
    await radio.feeder.fill();
    expect(radio.stage.told("skipped")).toEqual([
      "warn /stream: 50 files are skipped: they have no playable audio " +
        "(0.mp3, 1.mp3, 2.mp3, 3.mp3, 4.mp3, and 45 more)",
    ]);
    expect(radio.feeder.ready).toBe(false);
    const frames = await radio.write("7.mp3", trackFrames(1, 40));
    await radio.feeder.fill();
    await radio.play(0.5);
    expect(names(radio, { n: frames })).toContain("n0");
    expect(radio.stage.told("skipped").length).toBe(1);
  });

  test("is looked at as soon as a live source leaves", async () => {
    await using radio = await Radio.open();
    const { stage, feeder } = radio;
    const dj = new Dj();
    stage.mount.attach(dj);
    dj.speak(stage, mpegFrames(4));
    await feeder.fill();
    await radio.write("1.mp3", trackFrames(1, 40));
    stage.mount.detach(dj, stage.clock.ms);
    await until("the file is found", () => feeder.ready);
  });

  test("whose only file is written all the time tries it once a look, not without end", async () => {
    await using radio = await Radio.open();
    const { playlist } = radio;
    const next = playlist.next.bind(playlist);
    let tries = 0;
    playlist.next = async () => {
      tries++;
      await writeFile(radio.path("1.mp3"), garbage(100 + tries));
      return next();
    };
    await writeFile(radio.path("1.mp3"), garbage(99));
    await radio.feeder.fill();
    expect(tries).toBe(1);
  });
});
