// What README and docs tell a stranger to type does what it says.
import { beforeAll, describe, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { schema } from "../../src/config/schema.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { Secret } from "../../src/lib/secret.ts";
import { testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";

const ROOT = join(import.meta.dir, "..", "..");
const hasCurl = requireProgram("curl") !== null;

/** curl's word for --max-time: the only end of what has none. */
const TIMED_OUT = 28;

const PAGES = [
  "README.md",
  "docs/operating.md",
  "docs/api.md",
  "docs/benchmarks.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
];

/** Text by path from the root. */
const pages = new Map<string, string>();
let all = "";
beforeAll(async () => {
  for (const path of PAGES) pages.set(path, await Bun.file(join(ROOT, path)).text());
  all = [...pages.values()].join("\n");
});

/** The lines of every fenced block of a language. */
function fenced(language: string): string[] {
  const blocks = all.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"));
  return Array.from(blocks, ([, text = ""]) => text);
}

/** As the documents assume it: shipped passwords, shipped music, and an admin. */
function shippedStation(): Promise<TestStation> {
  const playlist = { directory: join(ROOT, "music") };
  const mount = { sourcePassword: new Secret("hackme"), rewindSeconds: 300, playlist };
  const config = testConfig([mount]);
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

describe("the documents", () => {
  test.skipIf(!hasCurl)("has calls of the API that work, each as it stands there", async () => {
    await using radio = await shippedStation();
    await using folder = await scratch();
    await until("the playlist plays", () => radio.station.facts().mounts[0].onAir === "playlist");
    const calls = fenced("sh").flatMap((block) => block.match(/^curl .*$/gm) ?? []);
    expect(calls.length).toBeGreaterThanOrEqual(8);
    for (const call of calls) expect(await run(call, radio, folder.path), call).toBe(0);
  });

  test("have configurations that are valid, one of them with two mounts", async () => {
    await using folder = await scratch();
    const file = join(folder.path, "config.hcl");
    const names = ["SOURCE_PASSWORD", "ADMIN_PASSWORD", "JAZZ_PASSWORD"];
    const environment = Object.fromEntries(names.map((name) => [name, `${name}-value`]));
    const mounts: string[] = [];
    for (const block of fenced("hcl")) {
      await Bun.write(file, block);
      const config = await loadConfig(file, environment);
      mounts.push(config.mounts.map(({ path }) => path).join(" "));
    }
    expect(mounts).toContain("/stream /jazz");
  });

  test("link to files and headings that exist", async () => {
    const links = [...pages].flatMap(([page, text]) =>
      Array.from(text.matchAll(/\]\(((?!http)[^)]+)\)/g), ([, to = ""]) => [page, to] as const),
    );
    expect(links.length).toBeGreaterThan(10);
    for (const [page, to] of links) {
      const [path = "", heading] = to.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      expect(await Bun.file(join(ROOT, file)).exists(), `${page}: ${to}`).toBe(true);
      if (heading !== undefined) expect(headings(pages.get(file) ?? ""), to).toContain(heading);
    }
  });

  test("name only targets of make that exist", async () => {
    const makefile = await Bun.file(join(ROOT, "Makefile")).text();
    const named = new Set(Array.from(all.matchAll(/(?:`|^)make ([a-z-]+)/gm), ([, name]) => name));
    expect(named.size).toBeGreaterThan(4);
    for (const name of named)
      expect(makefile, `make ${name}`).toMatch(new RegExp(`^${name}:`, "m"));
  });

  test("name only configuration keys that exist", () => {
    const named = new Set(
      Array.from(all.matchAll(/`([a-z]+)\.([a-z_]+)`/g), ([, block = "", key = ""]) => [
        block,
        key,
      ]),
    );
    const known = [...named].filter(([block = ""]) => schema.blockNames.includes(block));
    expect(known.length).toBeGreaterThan(8);
    for (const [block = "", key = ""] of known)
      expect(Object.keys(schema.keysOf(block)), `${block}.${key}`).toContain(key);
  });

  test("name only files of the tree that exist", async () => {
    const contributing = pages.get("CONTRIBUTING.md") ?? "";
    const files = Array.from(
      contributing.matchAll(/`((?:src|core-c|tests)\/[\w./-]+)`/g),
      ([, path = ""]) => path,
    );
    expect(files.length).toBeGreaterThan(20);
    for (const path of files) {
      const found = await stat(join(ROOT, path)).catch(() => null);
      expect(found, path).not.toBeNull();
    }
  });

  test("keep the README to what a stranger needs first", () => {
    expect(pages.get("README.md")?.split("\n").length).toBeLessThanOrEqual(150);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function headings(page: string): string[] {
  return Array.from(page.matchAll(/^#+ (.+)$/gm), ([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}
