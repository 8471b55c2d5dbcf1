// What the README tells a stranger to type does what it says.
import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load-config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";

const ROOT = join(import.meta.dir, "..", "..");
const hasCurl = requireProgram("curl") !== null;

/** curl's word for --max-time: the only end of what has none. */
const TIMED_OUT = 28;

let readme = "";
beforeAll(async () => {
  readme = await Bun.file(join(ROOT, "README.md")).text();
});

/** The lines of every fenced block of a language. */
function fenced(language: string): string[] {
  const blocks = readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"));
  return Array.from(blocks, ([, text = ""]) => text);
}

/** As the README assumes it: shipped passwords, shipped music, and an admin. */
function shippedStation(): Promise<TestStation> {
  const playlist = { directory: join(ROOT, "music") };
  const config = testConfig([{ sourcePassword: new Secret("hackme"), playlist }]);
  const admin = { user: "admin", password: new Secret("secret") };
  return startStation({ ...config, server: { ...config.server, admin } });
}

async function run(command: string, radio: TestStation, folder: string): Promise<number> {
  const isEndless = command.includes("curl -fN");
  const bounded = isEndless ? command.replace("curl -fN", "curl -fN --max-time 2") : command;
  const here = bounded
    .replaceAll("localhost:8001", `127.0.0.1:${radio.listenPort}`)
    .replaceAll("localhost:8000", `127.0.0.1:${radio.sourcePort}`);
  const shell = Bun.spawn(["sh", "-c", here], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const exitCode = await shell.exited;
  const hasNoEnd = isEndless || command.includes("--max-time");
  return hasNoEnd && exitCode === TIMED_OUT ? 0 : exitCode;
}

describe("the README", () => {
  test.skipIf(!hasCurl)("has calls of the API that work, each as it stands there", async () => {
    await using radio = await shippedStation();
    await using folder = await scratch();
    await until("the playlist plays", () => radio.station.facts().mounts[0].onAir === "playlist");
    const calls = fenced("sh").flatMap((block) => block.match(/^curl .*$/gm) ?? []);
    expect(calls.length).toBeGreaterThanOrEqual(8);
    for (const call of calls) expect(await run(call, radio, folder.path), call).toBe(0);
  });

  test("has a configuration that is valid", async () => {
    await using folder = await scratch();
    const file = join(folder.path, "config.hcl");
    const names = ["SOURCE_PASSWORD", "ADMIN_PASSWORD", "JAZZ_PASSWORD"];
    const environment = Object.fromEntries(names.map((name) => [name, `${name}-value`]));
    for (const block of fenced("hcl")) {
      await Bun.write(file, block);
      const { mounts } = await loadConfig(file, environment);
      expect(mounts.map(({ path }) => path)).toEqual(["/stream", "/jazz"]);
    }
    expect(fenced("hcl").length).toBe(1);
  });

  test("names no file of ours that is not there", async () => {
    const links = Array.from(readme.matchAll(/\]\(((?!http)[^)#]+)\)/g), ([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links) expect(await Bun.file(join(ROOT, path)).exists(), path).toBe(true);
  });

  test("names no target of make that there is not", async () => {
    const makefile = await Bun.file(join(ROOT, "Makefile")).text();
    const named = new Set(
      Array.from(readme.matchAll(/(?:`|^)make ([a-z-]+)/gm), ([, name]) => name),
    );
    for (const name of named)
      expect(makefile, `make ${name}`).toMatch(new RegExp(`^${name}:`, "m"));
  });
});
