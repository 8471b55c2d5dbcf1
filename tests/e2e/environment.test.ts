// A station that is configured by its environment alone, as a container is, and one whose environment comes before its file.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { scratch, until } from "../support/station.ts";
import { goLive } from "../support/wire.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const PASSWORD = "secret-of-the-environment";

const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

const PORTS = {
  CYCAST_SERVER_HOST: "127.0.0.1",
  CYCAST_SERVER_SOURCE_PORT: "0",
  CYCAST_SERVER_LISTEN_PORT: "0",
};

async function start(name: string, env: Record<string, string>, file = "") {
  const cwd = join(home.path, name);
  await mkdir(cwd);
  if (file !== "") await Bun.write(join(cwd, "config.hcl"), file);
  const [stdout, stderr] = [join(cwd, "out"), join(cwd, "err")];
  const child = Bun.spawn([process.execPath, MAIN], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdout: Bun.file(stdout),
    stderr: Bun.file(stderr),
  });
  const said = async () => (await Bun.file(stdout).text()) + (await Bun.file(stderr).text());
  return {
    child,
    cwd,
    said,
    has: (text: string) => until(`it says "${text}"`, async () => (await said()).includes(text)),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

describe("without a file", () => {
  test("the environment sets every key, and its secrets are not printed", async () => {
    await using radio = await start("bare", {
      ...PORTS,
      CYCAST_SERVER_SOURCE_PASSWORD: PASSWORD,
      CYCAST_SERVER_MOUNT_POINT: "/air",
      CYCAST_METADATA_STATION_NAME: "Radio Environment",
      CYCAST_SERVER_LISTEN_PORTS: "1",
    });
    await radio.has("API documentation:");
    const said = await radio.said();
    expect(said).toContain("Configuration loaded from: the environment");
    expect(said).toContain("Station: Radio Environment");
    expect(said).toContain('Did you mean "CYCAST_SERVER_LISTEN_PORT"?');
    expect(said).not.toContain("--init");
    const port = Number(/source to: http:\/\/[^:]+:(\d+)\/air/.exec(said)?.[1]);
    using dj = await goLive(port, { path: "/air", password: PASSWORD });
    expect(dj.head).toContain("200 OK");
    expect(await radio.said()).not.toContain(PASSWORD);
  });

  test("a bad value ends the start with its name", async () => {
    await using radio = await start("bad", { ...PORTS, CYCAST_BUFFER_SIZE_MB: "many" });
    expect(await radio.child.exited).toBe(78);
    const said = await radio.said();
    expect(said).toContain("CYCAST_BUFFER_SIZE_MB: this value is not accepted");
    expect(said).toContain("expected: 1 to 1024 MiB");
  });
});

test("a reload reads the file again, and the environment still comes before it", async () => {
  const file = (name: string, genre: string) =>
    `metadata {\n  station_name = "${name}"\n  station_genre = "${genre}"\n}\n`;
  const env = { ...PORTS, CYCAST_METADATA_STATION_NAME: "Radio Environment" };
  await using radio = await start("reload", env, file("Radio File", "Jazz"));
  await radio.has("API documentation:");
  await Bun.write(join(radio.cwd, "config.hcl"), file("Radio Other", "Rock"));
  radio.child.kill("SIGHUP");
  await radio.has("SIGHUP reloaded config.hcl: mount /stream: metadata.station_genre\n");
  const said = await radio.said();
  const url = /Status page: (\S+)\//.exec(said)?.[1] ?? "";
  const { headers } = await fetch(`${url}/stream`, { method: "HEAD" });
  const told = [headers.get("icy-name"), headers.get("icy-genre")];
  expect(told).toEqual(["Radio Environment", "Rock"]);
});
