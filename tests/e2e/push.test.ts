// A mount's stream at another server: a real Icecast through a restart of it, and another station of ours over TLS.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Secret } from "../../src/lib/secret.ts";
import { concat } from "../format/mpeg-builder.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { hasOpenssl, makeCertificate, secureConfig } from "../support/certificates.ts";
import { Icecast, ICECAST_PASSWORD } from "../support/icecast.ts";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { makeTone } from "../support/tone.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const PROGRAMS = ["icecast2", "mpg123", "ffprobe", "ffmpeg"];
const areThere = PROGRAMS.map(requireProgram).every((path) => path !== null);

function pushTo(url: string, tlsVerify = true) {
  return { label: "backup", url: new Secret(url), public: false, bufferSeconds: 10, tlsVerify };
}

async function said(command: readonly string[]): Promise<string> {
  const program = Bun.spawn([...command], { stdout: "pipe", stderr: "pipe" });
  const texts = [new Response(program.stdout).text(), new Response(program.stderr).text()];
  const [out = "", trouble = ""] = await Promise.all(texts);
  expect(await program.exited, trouble).toBe(0);
  return out + trouble;
}

test.skipIf(!areThere)(
  "Icecast gets the stream with its names and titles, also after it was restarted, and players hear it",
  async () => {
    await using music = await scratch();
    await makeTone(join(music.path, "Söme One - Some Tone.mp3"), 550, 20);
    const port = freePort();
    await using icecast = await Icecast.start(port);
    const url = `icecast://source:${encodeURIComponent(ICECAST_PASSWORD)}@127.0.0.1:${port}/backup`;
    const mount = { playlist: { directory: music.path }, push: [pushTo(url)] };
    await using radio = await startStation(testConfig([mount]));
    const state = () => radio.station.facts().mounts[0].pushes[0];
    const titled = () =>
      until("the title is there", async () => {
        const title = (await icecast.source("/backup")).get("title") ?? "";
        return title.includes("me One - Some Tone");
      });
    await titled();
    const source = await icecast.source("/backup");
    expect(source.get("server_name")).toBe("Test Radio");
    expect(source.get("genre")).toBe("Various");
    expect(source.get("server_type")).toBe("audio/mpeg");
    expect(source.get("ice-samplerate")).toBe("44100");

    await icecast.stop();
    await until("the loss is known", () => state()?.isUp === false);
    await icecast.start();
    await titled();
    expect(state()).toMatchObject({ isUp: true, connections: 2 });
    using player = await Wire.listen(port, "/backup");
    await until("two seconds are heard", () => player.body.length > 32_000);
    expect(player.head).toContain("icy-name:Test Radio");
    const file = join(music.path, "heard.mp3");
    await Bun.write(file, player.body);
    expect(await said(["mpg123", "-t", file])).not.toMatch(/warning|error/i);
    const entries = "stream=codec_name,sample_rate,channels";
    const probe = `ffprobe -v error -show_entries ${entries} -of csv=p=0 ${file}`;
    expect((await said(probe.split(" "))).trim()).toBe("mp3,44100,2");
    expect(radio.logged.join("\n")).not.toContain("pass");
  },
  120_000,
);

test("a station of ours gets every frame, and a title that is sent beside the audio", async () => {
  await using there = await startStation(testConfig([{ burstSeconds: 60 }]));
  const url = `http://source:${PASSWORD}@127.0.0.1:${there.sourcePort}/stream`;
  await using here = await startStation(testConfig([{ push: [pushTo(url)] }]));
  await until("the silence is pushed", () => there.station.first.mount.onAir?.kind === "live");
  using player = await Wire.listen(there.sourcePort, "/stream");
  const show = trackFrames(5, 80, true);
  using dj = await goLive(here.sourcePort);
  dj.send(concat(...show));
  const audio = concat(...show);
  await until("the show is heard there", () => player.body.includes(audio));
  here.station.first.mount.retitle({ artist: "Ä", title: "B" }, here.station.clock.nowMs());
  dj.send(concat(...trackFrames(6, 10)));
  await until("its title too", () => there.station.first.mount.metadata.title === "B");
  expect(there.station.first.mount.metadata.artist).toBe("Ä");
  expect(player.isClosed).toBe(false);
});

test.skipIf(!hasOpenssl)("a certificate is checked, unless that is switched off", async () => {
  await using folder = await scratch();
  await using there = await startStation(
    secureConfig(await makeCertificate(folder.path, "station")),
  );
  const url = `icecast+tls://source:${PASSWORD}@localhost:${there.sourcePort}/stream`;
  const config = testConfig([{ push: [pushTo(url)] }]);
  await using here = await startStation(config);
  const state = () => here.station.facts().mounts[0].pushes[0];
  await until("it is refused", () => (state()?.lastError ?? "") !== "");
  expect(state()).toMatchObject({ isUp: false, connections: 0 });
  expect(state()?.lastError).toStartWith("its certificate is not accepted: ");
  const [mount] = config.mounts;
  here.station.reconfigure({ ...config, mounts: [{ ...mount, push: [pushTo(url, false)] }] });
  await until("it is sent", () => there.station.first.mount.onAir?.kind === "live");
  expect(state()).toMatchObject({ isUp: true, lastError: "" });
});
