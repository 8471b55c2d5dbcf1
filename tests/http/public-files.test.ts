// The files of public/ are served as they are at both ports, and no path of a request reaches any other.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicFiles } from "../../src/http/public-files.ts";
import { testConfig } from "../support/config.ts";
import { startStation, type TestStation } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const PUBLIC = join(import.meta.dir, "..", "..", "public");

/** /admin serves it, with a policy of its own. */
const DESK = "desk/desk.html";

/** Served in the language of the browser. */
const INDEX = "index.html";

const files = [...new Bun.Glob("**").scanSync(PUBLIC)].filter(
  (path) => path !== DESK && path !== INDEX,
);

let radio: TestStation;

beforeAll(async () => {
  radio = await startStation(testConfig([{}]));
});

afterAll(async () => radio[Symbol.asyncDispose]());

async function answerOf(port: number, path: string): Promise<Wire> {
  const wire = await Wire.listen(port, path, "Connection: close\r\n");
  await wire.closed();
  return wire;
}

const DOORS = ["listen", "source"] as const;

function portOf(door: (typeof DOORS)[number]): number {
  return door === "listen" ? radio.listenPort : radio.sourcePort;
}

describe.each(DOORS)("at the %s port", (door) => {
  test("every file is served whole, with its tag, its age and a policy", async () => {
    expect(files).toContain("desk/desk.css");
    for (const path of files) {
      using wire = await answerOf(portOf(door), `/${path}`);
      expect(wire.head).toMatch(/^HTTP\/1\.\d 200 /);
      expect(wire.head).toMatch(/\r\netag: "\w+"\r\n/i);
      expect(wire.head).toMatch(/\r\ncontent-security-policy: default-src 'self';/i);
      expect(wire.head.toLowerCase()).toContain("\r\ncache-control: public, max-age=60\r\n");
      expect(wire.body.equals(await Bun.file(join(PUBLIC, path)).bytes())).toBe(true);
    }
  });

  test("the page is served in the language that the browser asks for, and says so", async () => {
    for (const path of ["/", "/index.html", "/?lang=fr"]) {
      const language = path.includes("lang") ? "fr" : "de";
      const headers = "Accept-Language: de-AT, en;q=0.5\r\nConnection: close\r\n";
      using wire = await Wire.listen(portOf(door), path, headers);
      await wire.closed();
      expect(wire.text).toContain(`<html lang="${language}">`);
      const head = wire.head.toLowerCase();
      expect(head).toMatch(/\r\netag: "\w+"\r\n/);
      expect(head).toContain("\r\ncontent-security-policy: default-src 'self';");
      expect(head).toContain("\r\ncache-control: no-cache\r\n");
      expect(head).toContain(`\r\ncontent-language: ${language}\r\n`);
      expect(head).toContain("\r\nvary: accept-language, accept-encoding\r\n");
    }
  });

  test("the icon is where browsers look for it", async () => {
    using wire = await answerOf(portOf(door), "/favicon.ico");
    expect(wire.body.equals(await Bun.file(join(PUBLIC, "favicon.svg")).bytes())).toBe(true);
  });

  test("the desk's page is served at /admin only", async () => {
    using wire = await answerOf(portOf(door), `/${DESK}`);
    expect(wire.head).toMatch(/^HTTP\/1\.\d 308 [^]*\r\nlocation: \.\.\/admin\r\n/i);
  });

  test.each([
    "/../package.json",
    "/..%2fpackage.json",
    "/%2e%2e/package.json",
    "/%2e%2e%2fpackage.json",
    "/desk/..%2f..%2fpackage.json",
    "/desk%2f..%2f..%2fpackage.json",
    "/..%5cpackage.json",
    "//package.json",
    "/desk",
    "/desk/",
  ])("%s names no file", async (path) => {
    using wire = await answerOf(portOf(door), path);
    expect(wire.head).toMatch(/^HTTP\/1\.\d 40[04] /);
    expect(wire.text).not.toContain("packageManager");
  });
});

test("hidden files are not served, whatever lies in the folder", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "public-"));
  for (const name of [".env", ".git/config", "desk/.env", "shown.txt"]) {
    await Bun.write(join(folder.path, name), "text");
  }
  const app = await publicFiles(folder.path);
  const statusOf = async (path: string) =>
    (await app.handle(new Request(`http://radio.example${path}`))).status;
  expect(await statusOf("/shown.txt")).toBe(200);
  for (const path of ["/.env", "/.git/config", "/desk/.env", "/%2eenv"]) {
    expect(await statusOf(path)).toBe(404);
  }
});
