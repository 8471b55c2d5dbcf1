// Real programs as masters of our relays, and as our slaves: Icecast, nginx with TLS in front of it, and Cycast itself.
import { expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { RelayState } from "../../src/mount/roles.ts";
import { adminConfig, ADMIN } from "../http/app.ts";
import { hasOpenssl, makeCertificate, secureConfig } from "../support/certificates.ts";
import { testConfig, testRelay } from "../support/config.ts";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { hear, makeTone } from "../support/tone.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const has = (...names: string[]) => names.every((name) => requireProgram(name) !== null);

const START_SECONDS = 60;
const LIMIT_MS = 180_000;

/** Icecast refuses to be root. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env", "HOME=/tmp"]
    : [];

function run(command: string[]): AsyncDisposable {
  const program = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  return {
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await program.exited;
    },
  };
}

/** An encoder that comes back when it was refused or lost, as people's do. */
function runAgain(command: string[]): AsyncDisposable {
  let isOver = false;
  let program = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  const again = async (): Promise<void> => {
    for (;;) {
      await program.exited;
      if (isOver) return;
      await Bun.sleep(200);
      program = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    }
  };
  const ended = again();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      program.kill("SIGKILL");
      await ended;
    },
  };
}

function icecast(port: number, folder: string, more = ""): string {
  const paths = ["basedir", "logdir", "webroot", "adminroot"];
  return `<icecast><hostname>localhost</hostname>
    <limits><clients>20</clients><sources>4</sources></limits>
    <authentication><source-password>a</source-password><relay-password>a</relay-password>
      <admin-user>admin</admin-user><admin-password>a</admin-password></authentication>
    <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
    ${more}
    <paths>${paths.map((path) => `<${path}>${folder}</${path}>`).join("")}</paths>
    <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
    <security><chroot>0</chroot></security></icecast>`;
}

function nginx(port: number, to: number, folder: string): string {
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;
    ${folders.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
    server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/site.pem;
      ssl_certificate_key ${folder}/site.key;
      location / { proxy_pass http://127.0.0.1:${to}; proxy_buffering off; } } }`;
}

function relayOf({ station }: TestStation, path: string): RelayState | undefined {
  return station.parts(path)?.mount.inputs.find(({ kind }) => kind === "relay")?.relay;
}

async function playing(radio: TestStation, path: string, connects: number): Promise<void> {
  await until(
    `${path} plays for time ${connects}`,
    () => {
      const state = relayOf(radio, path);
      return state?.state === "playing" && state.connects >= connects;
    },
    START_SECONDS,
  );
}

test.skipIf(!has("ffmpeg", "icecast2", "nginx") || !hasOpenssl)(
  "Icecast's stream is relayed plainly and through nginx with TLS, and its restart disconnects nobody",
  async () => {
    await using folder = await scratch();
    await chmod(folder.path, 0o777);
    const at = (file: string) => join(folder.path, file);
    const { certificate } = await makeCertificate(folder.path, "site");
    const [port, site] = [freePort(), freePort()];
    await makeTone(at("show.mp3"), 550, 60);
    await Bun.write(at("icecast.xml"), icecast(port, folder.path));
    await Bun.write(at("nginx.conf"), nginx(site, port, folder.path));
    const start = () => run([...AS_NOBODY, "icecast2", "-c", at("icecast.xml")]);
    const play = () => {
      const url = `icecast://source:a@127.0.0.1:${port}/live`;
      const to = ["-content_type", "audio/mpeg", "-f", "mp3", "-write_xing", "0", url];
      const from = ["-v", "error", "-re", "-i", at("show.mp3"), "-c", "copy"];
      return runAgain(["ffmpeg", ...from, ...to]);
    };
    await using _proxy = run(["nginx", "-p", folder.path, "-e", "stderr", "-c", at("nginx.conf")]);
    const config = testConfig([
      { path: "/plain", relay: [testRelay(`http://127.0.0.1:${port}/live`)] },
      {
        path: "/tls",
        relay: [testRelay(`https://localhost:${site}/live`, { tlsCa: certificate })],
      },
      { path: "/untrusted", relay: [testRelay(`https://localhost:${site}/live`)] },
      {
        path: "/blind",
        relay: [testRelay(`https://localhost:${site}/live`, { tlsVerify: false })],
      },
    ]);
    await using radio = await startStation(config);
    const paths = ["/plain", "/tls", "/blind"];
    const listeners: Wire[] = [];
    {
      await using _server = start();
      await using _source = play();
      for (const path of paths) await playing(radio, path, 1);
      for (const path of paths) listeners.push(await Wire.listen(radio.listenPort, path));
      await until("all are heard", () => listeners.every(({ body }) => body.length > 30_000));
    }
    expect(relayOf(radio, "/untrusted")?.lastError).toContain("its certificate is not accepted");
    await until("it is missed", () => paths.every((path) => relayOf(radio, path)?.downMs !== null));
    const lengths = listeners.map(({ body }) => body.length);
    await using _server = start();
    await using _source = play();
    for (const path of paths) await playing(radio, path, 2);
    await until("all go on", () =>
      listeners.every(({ body }, at) => body.length > (lengths[at] ?? 0) + 60_000),
    );
    for (const [number, listener] of listeners.entries()) {
      expect(listener.isClosed).toBe(false);
      await Bun.write(at(`${number}.mp3`), listener.body);
      expect((await hear(at(`${number}.mp3`))).errors).toBe("");
      // Silence was heard between the two.
      await Bun.write(at(`${number}-end.mp3`), listener.body.subarray(-40_000));
      const { hertz } = await hear(at(`${number}-end.mp3`));
      expect(Math.abs(hertz - 550)).toBeLessThan(20);
      listener[Symbol.dispose]();
    }
  },
  LIMIT_MS,
);

test.skipIf(!has("icecast2"))(
  "an Icecast slave mirrors our mounts, and plays them",
  async () => {
    await using folder = await scratch();
    await chmod(folder.path, 0o777);
    const config = adminConfig([{}]);
    await using radio = await startStation(config);
    const show = trackFrames(9, 200);
    using source = await goLive(radio.sourcePort);
    let next = 0;
    const timer = setInterval(() => source.send(show[next++ % show.length] ?? ""), FRAME_MS);
    using _feed = { [Symbol.dispose]: () => clearInterval(timer) };
    const port = freePort();
    const file = join(folder.path, "icecast.xml");
    const slave = `<master-server>127.0.0.1</master-server>
      <master-server-port>${radio.sourcePort}</master-server-port>
      <master-update-interval>2</master-update-interval>
      <master-username>${ADMIN.user}</master-username>
      <master-password>${ADMIN.password.reveal()}</master-password>`;
    await Bun.write(file, icecast(port, folder.path, slave));
    await using _slave = run([...AS_NOBODY, "icecast2", "-c", file]);
    await until(
      "the slave pulls",
      () => radio.station.facts().mounts[0].listeners === 1,
      START_SECONDS,
    );
    using player = await Wire.listen(port, "/stream");
    await until("it is heard there", () => show.some((frame) => player.body.includes(frame)));
    expect(player.head).toContain("HTTP/1.0 200 OK");
  },
  LIMIT_MS,
);

test.skipIf(!hasOpenssl)(
  "a Cycast master with TLS is relayed frame by frame, at once after its restart",
  async () => {
    await using folder = await scratch();
    const files = await makeCertificate(folder.path, "site");
    const show = trackFrames(4, 400);
    const sourcePort = freePort();
    const secure = secureConfig(files);
    const config = { ...secure, server: { ...secure.server, sourcePort } };
    const url = `https://localhost:${sourcePort}/stream`;
    const relay = testRelay(url, { tlsCa: files.certificate });
    await using radio = await startStation(testConfig([{ relay: [relay] }]));
    using listener = await Wire.listen(radio.listenPort, "/stream");
    for (const [connects, from] of [
      [1, 0],
      [2, 100],
    ] as const) {
      await using master = await startStation(config);
      using source = await goLive(master.sourcePort);
      source.send(Buffer.concat(show.slice(from, from + 90)));
      await playing(radio, "/stream", connects);
      const heard = Buffer.concat(show.slice(from + 5, from + 80));
      await until("its frames are heard", () => listener.body.includes(heard));
    }
    expect(listener.isClosed).toBe(false);
    expect(relayOf(radio, "/stream")).toMatchObject({ url, connects: 2 });
  },
  LIMIT_MS,
);
