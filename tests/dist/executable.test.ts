// The one file that people download: all it needs is inside, and nothing that lies around changes what it does.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { freePair } from "../support/ports.ts";
import { scratch, until } from "../support/station.ts";
import { configText, EXECUTABLE, hear, launch, run } from "./executable.ts";

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

/** Of the project, as it is printed. */
async function textOf(file: string): Promise<string> {
  return (await Bun.file(join(import.meta.dir, "..", "..", file)).text()).trim();
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

/** What is asked for, its type, and words of it. */
const CONTENT = [
  ["/", "text/html", "<!doctype html>"],
  ["/app.js", "text/javascript", "import"],
  ["/style.css", "text/css", "{"],
  ["/favicon.ico", "image/svg+xml", "<svg"],
  ["/artwork/sunrise.svg?title=x", "image/svg+xml", "<svg"],
  ["/embed", "text/html", "<audio"],
  ["/embed/now", "text/html", "<h1"],
  ["/admin", "text/html", "desk/desk.js"],
  ["/desk/desk.js", "text/javascript", "import"],
  ["/desk/panels.css", "text/css", "{"],
  ["/desk/uplot.js", "text/javascript", "uPlot"],
  ["/desk/uplot.css", "text/css", ".uplot"],
  ["/assets/hls.js", "text/javascript", "attachMedia"],
  ["/swagger", "text/html", "swagger.js"],
  ["/swagger.js", "text/javascript", "SwaggerUIBundle"],
  ["/swagger/ui.js", "text/javascript", "SwaggerUIBundle"],
  ["/swagger/ui.css", "text/css", ".swagger-ui"],
  ["/swagger/json", "application/json", '"openapi"'],
  ["/stream.m3u", "audio/x-mpegurl", "/stream"],
  ["/api/status", "application/json", '"mount":"/stream"'],
] as const;

async function expectContent(url: string): Promise<void> {
  for (const [path, type, words] of CONTENT) {
    const answer = await fetch(url + path);
    const { status, headers } = answer;
    const found = { path, status, type: headers.get("content-type")?.split(";")[0] };
    expect(found).toEqual({ path, status: 200, type });
    expect({ path, has: (await answer.text()).includes(words) }).toEqual({ path, has: true });
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
    await expectContent(radio.url);
    expect(radio.log()).toContain("now playing ");
    expect(radio.log()).not.toContain("cannot be read");
    expect(await readdir(folder.path)).toEqual(["state"]);
  });

  test("--version and --help know how it is called", async () => {
    expect((await run(["--version"], { cwd: home.path })).out).toMatch(/^Cycast \d+\.\d+\.\d+\n$/);
    const { out } = await run(["--help"], { cwd: home.path });
    expect(out).toContain(`Usage: ${EXECUTABLE} [options]`);
  });

  test("--licences prints those of all that is inside, and of nothing else", async () => {
    const { code, out } = await run(["--licences"], { cwd: home.path });
    expect(code).toBe(0);
    expect(out).toContain(await textOf("LICENSE"));
    for (const [name, version] of Object.entries(packageJson.dependencies)) {
      expect(out).toContain(`${name} ${version} · `);
    }
    // Packages of packages, one that needs no name in package.json, and what those were made of.
    for (const name of ["file-type", "memoirist", "@sinclair/typebox"]) {
      expect(out).toMatch(new RegExp(`^${name} \\d`, "m"));
    }
    expect(out).toContain(await textOf("node_modules/swagger-ui-dist/NOTICE"));
    expect(out).toContain(
      await textOf("node_modules/swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt"),
    );
    expect(out).toContain("github.com/hashicorp/hcl/v2");
    for (const notice of ["decoders", "encoder", "LGPL-2.1", "GPL-3"])
      expect(out).toContain(await textOf(`packaging/notices/${notice}.txt`));
    expect(out).toContain(await textOf("node_modules/codec-parser/LICENSE"));
    for (const name of ["playwright-core", "axe-core", "fast-check"])
      expect(out).not.toContain(name);
  });

  test("a configuration that is named and not there is an error", async () => {
    const { code, err } = await run(["-c", "config.hcl"], { cwd: home.path });
    expect(code).toBe(78);
    expect(err).toContain("no such file");
  });
});

describe("with a configuration", () => {
  test("the page, the desk, the embedded player, Swagger UI and the API come from inside", async () => {
    await using radio = await launch([], { cwd: await furnished("inside") });
    await expectContent(radio.url);
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

  test("it tunes Bun's allocator itself, and stays the process that was started", async () => {
    await using radio = await launch([], { cwd: await furnished("tuned") });
    const environment = await Bun.file(`/proc/${radio.child.pid}/environ`).text();
    expect(environment).toBe("MIMALLOC_PURGE_HOLES_MIN_INTERVAL=1000\0");
  });

  test("a mistake is reported with its line, by the parser inside", async () => {
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
    expect(err).toBe("config.hcl exists already and was not changed.\n");
    expect(await Bun.file(join(cwd, "config.hcl")).text()).toBe(configText());
  });
});
