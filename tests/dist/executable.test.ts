// The one file that people download: all it needs is inside, and nothing that lies around changes what it does.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { scratch, until } from "../support/station.ts";
import { configText, EXECUTABLE, hear, launch, run } from "./executable.ts";
import { freePair } from "../support/ports.ts";

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

/** A folder with a configuration and no music in it. */
async function furnished(name: string, more = ""): Promise<string> {
  const cwd = join(home.path, name);
  await Bun.write(join(cwd, "config.hcl"), configText(more));
  return cwd;
}

/** True while both default ports are free; tells when they are not. */
function hasDefaultPorts(): boolean {
  try {
    for (const port of [8000, 8001])
      Bun.listen({ hostname: "0.0.0.0", port, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    console.warn("skipped: port 8000 or 8001 is taken");
    return false;
  }
}

describe("in an empty folder, without any environment", () => {
  test.skipIf(!hasDefaultPorts())("it plays music at once and says what to do next", async () => {
    await using folder = await scratch();
    await using radio = await launch([], { cwd: folder.path });
    expect(radio.banner).toContain("Configuration loaded from: defaults");
    expect(radio.banner).toContain("Playlist loaded: 3 tracks");
    expect(radio.banner).toContain(`\`${EXECUTABLE} --init\` writes one`);
    expect(radio.banner).toContain("Put yours into music/");
    expect((await hear(radio.url)).length).toBeGreaterThan(2000);
    const status = await (await fetch(`${radio.url}/api/status`)).text();
    expect(status).toContain('"source_status":"playlist"');
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("--version and --help know how it is called", async () => {
    expect((await run(["--version"], { cwd: home.path })).out).toMatch(/^Cycast \d+\.\d+\.\d+\n$/);
    const { out } = await run(["--help"], { cwd: home.path });
    expect(out).toContain(`Usage: ${EXECUTABLE} [options]`);
  });

  test("a configuration that is named and not there is an error", async () => {
    const { code, err } = await run(["-c", "config.hcl"], { cwd: home.path });
    expect(code).toBe(78);
    expect(err).toContain("there is no such file");
  });
});

describe("with a configuration", () => {
  test("page, its files, Swagger UI and the API come from inside", async () => {
    await using radio = await launch([], { cwd: await furnished("inside") });
    for (const [path, type, words] of [
      ["/", "text/html", "<!doctype html>"],
      ["/app.js", "text/javascript", "import"],
      ["/style.css", "text/css", "{"],
      ["/favicon.ico", "image/svg+xml", "<svg"],
      ["/swagger", "text/html", "/swagger.js"],
      ["/swagger/ui.js", "text/javascript", "SwaggerUIBundle"],
      ["/swagger/ui.css", "text/css", ".swagger-ui"],
      ["/swagger/json", "application/json", '"openapi"'],
      ["/api/status", "application/json", '"mount":"/stream"'],
    ] as const) {
      const answer = await fetch(radio.url + path);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      expect(answer.headers.get("content-type")).toStartWith(type);
      expect((await answer.text()).includes(words)).toBe(true);
    }
  });

  test("without music it is silence on air, and the banner says where tracks go", async () => {
    const cwd = await furnished("silent");
    await using radio = await launch([], { cwd });
    expect(radio.banner).toContain(`Put your music into: ${join(cwd, "music")}`);
    const [first = 0, second = 0] = await hear(radio.url, 400);
    expect([first, second & 0xe0]).toEqual([0xff, 0xe0]);
  });

  test("SIGTERM ends it with exit code 0", async () => {
    const radio = await launch([], { cwd: await furnished("stops") });
    radio.child.kill("SIGTERM");
    expect(await radio.child.exited).toBe(0);
  });

  test("a mistake is told by line, by the parser inside", async () => {
    const cwd = await furnished("mistake", "bufer {\n}\n");
    const { code, err } = await run(["--check"], { cwd });
    expect(code).toBe(78);
    expect(err).toContain("config.hcl:7:1");
  });

  test("--health asks a running station", async () => {
    const cwd = await furnished("health");
    await using radio = await launch([], { cwd });
    expect(await run(["--health", `${radio.url}/health`], { cwd })).toMatchObject({
      code: 0,
      err: "",
    });
    expect(await run(["--health", `${radio.url}/none`], { cwd })).toMatchObject({ code: 1 });
    const nobody = `http://127.0.0.1:${freePair()}/health`;
    expect(await run(["--health", nobody], { cwd })).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${nobody} does not answer`),
    });
  });
});

describe("files that lie around", () => {
  test("a bunfig.toml is not read: its preload does not run", async () => {
    const cwd = await furnished("bunfig");
    await Bun.write(join(cwd, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
    await Bun.write(join(cwd, "preload.ts"), 'require("fs").writeFileSync("preloaded", "");\n');
    expect(await run(["--check"], { cwd })).toMatchObject({ code: 0 });
    expect(await readdir(cwd)).not.toContain("preloaded");
  });

  test("a .env is not read: what env() names comes from the real environment only", async () => {
    const cwd = await furnished("dotenv", 'metadata { station_name = env("STATION") }\n');
    await Bun.write(join(cwd, ".env"), "STATION=from-the-file\n");
    const without = await run(["--check"], { cwd });
    expect(without.code).toBe(78);
    expect(without.err).toContain("STATION");
    await using radio = await launch([], { cwd, env: { STATION: "Real Radio" } });
    expect(radio.banner).toContain("Station: Real Radio");
  });
});

describe("--init", () => {
  test("gives a folder its configuration and music, and the station starts from them", async () => {
    await using folder = await scratch();
    const { code, out } = await run(["--init"], { cwd: folder.path });
    expect(code).toBe(0);
    expect((await readdir(folder.path)).toSorted()).toEqual(["config.hcl", "music"]);
    const text = await Bun.file(join(folder.path, "config.hcl")).text();
    const passwords = [...text.matchAll(/^ *\w+_password = "(.{22})"$/gm)].map(
      ([, word = ""]) => word,
    );
    expect(passwords.length).toBe(2);
    for (const password of passwords) expect(out).not.toContain(password);
    await Bun.write(join(folder.path, "config.hcl"), text.replace(/_port = \d+/g, "_port = 0"));
    await using radio = await launch([], { cwd: folder.path });
    expect(radio.banner).toContain("Playlist loaded: 3 tracks");
    expect(radio.banner).not.toContain("WARNING");
    await until("music plays", async () => {
      const status = await (await fetch(`${radio.url}/api/status`)).text();
      return status.includes('"source_status":"playlist"');
    });
  });

  test("does not touch a configuration that is there", async () => {
    const cwd = await furnished("kept");
    const { code, err } = await run(["--init"], { cwd });
    expect(code).toBe(1);
    expect(err).toBe("There is a config.hcl here already; it is left as it is.\n");
    expect(await Bun.file(join(cwd, "config.hcl")).text()).toBe(configText());
  });
});
