// The station as a process: arguments, banner, signals, and one clear sentence for each way it cannot start.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../src/access/account.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { scratch, until } from "../support/station.ts";
import { writeTrack, trackFrames } from "../support/tracks.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
/** Of whoever starts the station and knows nothing of allocators. */
const { MIMALLOC_PURGE_HOLES_MIN_INTERVAL: _, ...UNTUNED } = process.env;
const PASSWORD = "correct-horse-battery";

/** Ended after the last test: one that fails leaves its own running. */
const children: Bun.Subprocess[] = [];

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
  await home[Symbol.asyncDispose]();
});

function spawn(args: string[], env: Record<string, string> = {}, input?: string) {
  const child = Bun.spawn([process.execPath, MAIN, ...args], {
    cwd: home.path,
    env: { ...UNTUNED, ...env },
    stdin: input === undefined ? "ignore" : Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  children.push(child);
  return child;
}

async function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(args, env);
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}

async function writeConfig(name: string, text: string): Promise<string> {
  const path = join(home.path, name);
  await Bun.write(path, text);
  return path;
}

function serverBlock(sourcePort = 0, listenPort = 0): string {
  return `server {
  host = "127.0.0.1"
  source_port = ${sourcePort}
  listen_port = ${listenPort}
  source_password = "${PASSWORD}"
}
`;
}

/** Until a station is up; one that a busy machine delays is waited for. */
async function untilUp(child: Bun.Subprocess, out: () => string): Promise<void> {
  const isUp = () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${out()}`);
    return out().includes("API documentation:");
  };
  await until("the banner is complete", isUp);
}

/** A running station, once its banner is complete. */
async function runStation(file: string) {
  const child = spawn(["-c", file]);
  let out = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) out += decoder.decode(chunk, { stream: true });
  })();
  await untilUp(child, () => out);
  const url = /Status page: (\S+)\//.exec(out)?.[1] ?? "";
  return { child, url, banner: () => out, reading };
}

test("--import makes a valid configuration of an icecast.xml, and prints no password", async () => {
  const xml = await writeConfig(
    "icecast.xml",
    `<icecast>
<hostname>radio.example</hostname>
<authentication><source-password>${PASSWORD}</source-password></authentication>
<mount><mount-name>/air</mount-name><intro>/intro.mp3</intro></mount>
</icecast>
`,
  );
  const output = join(home.path, "imported.hcl");
  const { code, out, err } = await run(["--import", xml, "--output", output]);
  expect([code, err]).toEqual([0, ""]);
  expect(out.split("\n")).toEqual([
    `Wrote ${output} from ${xml}, readable by you only. Mounts: /air`,
    `${xml}:2: <hostname>: links have the name that the client uses`,
    `${xml}:4: <intro>: name the file in intro in the mount's block; it may have any format`,
    "",
  ]);
  expect((await run(["--check", "-c", output])).code).toBe(0);
  const again = await run(["--import", xml, "--output", output]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("exists already") });
});

test.each([
  ["one terminal or pipe", "2>&1", 1],
  ["two places", "2>warnings.txt", 1],
])("a warning at the start is there once in %s", async (_, redirection, count) => {
  const server = serverBlock().replace(PASSWORD, "hackme");
  const file = await writeConfig("twice.hcl", server);
  const command = `exec "${process.execPath}" "${MAIN}" -c "${file}" ${redirection}`;
  const child = Bun.spawn(["sh", "-c", command], { cwd: home.path, env: UNTUNED, stdout: "pipe" });
  let out = "";
  children.push(child);
  const decoder = new TextDecoder();
  let isAsked = false;
  for await (const chunk of child.stdout) {
    out += decoder.decode(chunk, { stream: true });
    // A second signal would end it at once.
    if (!isAsked && out.includes("API documentation:")) child.kill("SIGTERM");
    isAsked ||= out.includes("API documentation:");
  }
  await child.exited;
  expect(out.split("default password").length - 1, out).toBe(count);
});

test("--version and --help say what they should", async () => {
  expect(await run(["--version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Cycast \d+\.\d+\.\d+\n$/),
  });
  const help = await run(["-h"]);
  expect(help.code).toBe(0);
  for (const option of ["--config", "--check", "--version", "--help"])
    expect(help.out).toContain(option);
});

test("an unknown option is reported with the usage and exit code 64", async () => {
  const { code, err } = await run(["--nonsense"]);
  expect(code).toBe(64);
  expect(err).toContain("--nonsense");
  expect(err).toContain("Usage:");
});

test("--check validates and starts nothing", async () => {
  await mkdir(join(home.path, "songs"), { recursive: true });
  const playlist = 'playlist { directory = "./songs" }';
  const good = await writeConfig("good.hcl", `${serverBlock(8000, 8001)}${playlist}\n`);
  expect(await run(["--check", "--config", good])).toMatchObject({
    code: 0,
    out: `${good} is valid\n`,
  });
});

test("--check reports missing folders and default passwords", async () => {
  await Bun.write(join(home.path, "a-file"), "");
  const text = `server {
  source_password = "hackme"
  admin_password = "hackme"
}
playlist { directory = "./none" }
advanced { access_log = "./nowhere/access.log" }
mount "/jazz" {
  source_password = "${PASSWORD}"
  playlist { directory = "./a-file" }
}
`;
  const file = await writeConfig("loose.hcl", text);
  const { code, out } = await run(["--check", "-c", file]);
  expect(code).toBe(0);
  const at = (name: string) => join(home.path, name);
  expect(out.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^warning: \/stream still uses the default password/),
    expect.stringMatching(/^warning: The admin password is still the default/),
    `warning: the playlist directory ${at("none")} of /stream: no such folder`,
    `warning: the playlist directory ${at("a-file")} of /jazz: not a folder`,
    `warning: the access log ${at("nowhere/access.log")} cannot be written: no such folder`,
    `${file} is valid`,
  ]);
});

test("--check looks at the station's own look: what cannot be used, and what cannot be read", async () => {
  await Bun.write(join(home.path, "logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  const look = 'branding {\n  logo = "logo.svg"\n  css = "none.css"\n  accent = "#00539c"\n';
  const server = `${serverBlock(8000, 8001)}playlist { directory = "." }\n`;
  const file = await writeConfig("look.hcl", `${server}${look}  background = "#102a43"\n}\n`);
  const { code, out } = await run(["--check", "-c", file]);
  expect(code).toBe(0);
  expect(out.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^warning: branding\.background #102a43 .* on the light page: #\w{6}, /),
    expect.stringMatching(/^warning: branding\.logo .*logo\.svg is an SVG, which home screens/),
    `warning: branding.css ${join(home.path, "none.css")} is not used: no such file`,
    expect.stringMatching(/^note: branding\.accent #00539c .* on the dark page: #\w{6}, /),
    `${file} is valid`,
  ]);
});

test("a wrong configuration is reported all at once with exit code 78, no stack trace and no secret", async () => {
  const bad = await writeConfig(
    "bad.hcl",
    `${serverBlock()}\nbufer { size_mb = 3 }\nplaylist { shufle = "x" }\n`,
  );
  const { code, out, err } = await run(["-c", bad]);
  expect(code).toBe(78);
  expect(out).toBe("");
  expect(err).toContain("bufer");
  expect(err).toContain("shufle");
  expect(err).not.toMatch(/\bat .*\.ts:\d+/);
  expect(err).not.toContain(PASSWORD);
});

test("--init names the station's desk", async () => {
  await using folder = await scratch();
  const child = Bun.spawn([process.execPath, MAIN, "--init"], { cwd: folder.path });
  expect(await new Response(child.stdout).text()).toContain("Desk: http://localhost:8001/admin ");
});

test("a missing brace is reported by line and column", async () => {
  const bad = await writeConfig("brace.hcl", 'server {\n  host = "127.0.0.1"\n');
  const { code, err } = await run(["-c", bad]);
  expect(code).toBe(78);
  expect(err).toMatch(/brace\.hcl:\d+:\d+/);
});

test("a start prints facts and URLs but no secret, and the running server carries no parser", async () => {
  await writeTrack(join(home.path, "music"), "1.mp3", trackFrames(1, 200));
  const file = await writeConfig("run.hcl", serverBlock());
  const { child, url, banner, reading } = await runStation(file);
  const err = new Response(child.stderr).text();
  for (const fact of [
    `Configuration loaded from: ${file}`,
    "(password: ******)",
    "Mount point: /stream",
    "Station: Cycast Radio",
    "Buffer size: 10 MB",
    "Playlist loaded: 1 track",
    "Server ready!",
    "Connect your source to: http://127.0.0.1:",
    `Listen at: ${url}/stream`,
    `Statistics: ${url}/api/stats`,
    `Desk: ${url}/admin (off until server.admin_password is set)`,
  ]) {
    expect(banner()).toContain(fact);
  }
  const maps = await Bun.file(`/proc/${child.pid}/status`).text();
  expect(Number(/VmRSS:\s+(\d+)/.exec(maps)?.[1]) / 1024).toBeLessThan(120);

  const answer = await fetch(`${url}/stream`);
  await until("it listens", async () =>
    (await (await fetch(`${url}/api/status`)).text()).includes('"listeners":1'),
  );
  child.kill("SIGTERM");
  const [heard, code] = await Promise.all([answer.arrayBuffer(), child.exited]);
  expect(code).toBe(0);
  expect(heard.byteLength).toBeGreaterThan(0);
  await reading;
  expect(banner() + (await err)).not.toContain(PASSWORD);
});

test("what was asked last is in the access log when it has ended", async () => {
  const advanced = 'advanced { access_log = "access.log" }';
  const file = await writeConfig("logged.hcl", `${serverBlock()}\n${advanced}\n`);
  const { child, url } = await runStation(file);
  await (await fetch(`${url}/health?last`)).text();
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  const text = await Bun.file(join(home.path, "access.log")).text();
  expect(text).toMatch(/^127\.0\.0\.1 - - \[.*\] "GET \/health\?last -" 200 \d+ /m);
});

test("SIGINT ends it too, with exit code 0", async () => {
  const { child } = await runStation(await writeConfig("int.hcl", serverBlock()));
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
});

test("Ctrl-C in a terminal ends `bun run start` cleanly, every time", async () => {
  const file = await writeConfig("terminal.hcl", serverBlock());
  for (let time = 0; time < 5; time++) {
    let out = "";
    const decoder = new TextDecoder();
    const child = Bun.spawn([process.execPath, "run", "start", "-c", file], {
      cwd: join(MAIN, "..", ".."),
      terminal: { data: (_, bytes) => void (out += decoder.decode(bytes, { stream: true })) },
    });
    children.push(child);
    await untilUp(child, () => out);
    child.terminal?.write("\x03");
    const code = await child.exited;
    expect({ code, out }).toEqual({ code: 0, out: expect.not.stringContaining("exited with") });
  }
});

test("a start is one process from beginning to end, as service managers have it", async () => {
  const { child } = await runStation(await writeConfig("one.hcl", serverBlock()));
  const text = await Bun.file(`/proc/${child.pid}/environ`).text();
  expect(text).toContain("MIMALLOC_PURGE_HOLES_MIN_INTERVAL=1000");
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
});

test("a port in use is one sentence with the remedy, whichever of the two it is", async () => {
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  for (const [source, listen, key] of [
    [taken.port, 0, "source_port"],
    [0, taken.port, "listen_port"],
  ] as const) {
    const file = await writeConfig("taken.hcl", serverBlock(source, listen));
    const { code, err } = await run(["-c", file]);
    const last = err.trim().split("\n").at(-1) ?? "";
    expect(code).toBe(1);
    expect(last).toContain(`Cannot listen on 127.0.0.1:${taken.port} (port in use)`);
    expect(last).toContain(key);
    expect(err).not.toMatch(/\bat .*\.ts:\d+/);
  }
});

test("a missing core library is one sentence with the remedy", async () => {
  const file = await writeConfig("core.hcl", serverBlock());
  const { code, err } = await run(["-c", file], { CYCAST_CORE: join(home.path, "none.so") });
  expect(code).toBe(1);
  expect(err).toContain("none.so is missing. Build it with: make");
  expect(err).not.toMatch(/\bat .*\.ts:\d+/);
});

test("a missing playlist directory is a warning, and the station runs", async () => {
  const file = await writeConfig(
    "none.hcl",
    `${serverBlock()}\nplaylist { directory = "./nowhere" }\n`,
  );
  const { child, url } = await runStation(file);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill("SIGTERM");
  await child.exited;
  expect(await new Response(child.stderr).text()).toMatch(/warn .*playlist directory .*nowhere/);
});

test("config.local.hcl is read instead of config.hcl, which an update may change", async () => {
  await writeConfig("config.hcl", serverBlock());
  const local = await writeConfig("config.local.hcl", "server { host = 5 }\n");
  const { code, err } = await run(["--check"]);
  await Bun.file(local).delete();
  expect(code).toBe(78);
  expect(err).toContain("config.local.hcl:1");
});

test("--hash-password prints the hash of what is piped to it, and nothing else", async () => {
  const child = spawn(["--hash-password"], {}, "correct horse\n");
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect([await child.exited, err]).toEqual([0, ""]);
  expect(out).toStartWith("$argon2id$");
  expect(await Bun.password.verify("correct horse", out.trim())).toBe(true);
});

test("--token prints a token once, and the block that lets it in", async () => {
  const { code, out } = await run(["--token", "grafana"]);
  const [token = "", block = ""] = [
    out.split("\n")[0],
    out.slice(Math.max(0, out.indexOf('token "grafana"'))),
  ];
  expect([code, token.length, out.split(token).length]).toEqual([0, 43, 2]);
  const file = await writeConfig("token.hcl", block);
  const { token: tokens } = await loadConfig(file, {});
  expect(tokens.map(({ label, scope }) => [label, scope])).toEqual([["grafana", "read"]]);
  expect(tokens[0]?.hash.equals(digestOf(token))).toBe(true);
  const refused = await run(["--token", 'a "quoted" name']);
  expect([refused.code, refused.out]).toEqual([64, ""]);
  expect(refused.err).toContain("A token's name is 1 to 64 letters");
});
