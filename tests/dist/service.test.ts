// The executable as a service: what it tells the manager that started it, and when.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Datagrams } from "../support/datagrams.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { configText, launch, run } from "./executable.ts";

const UNIT = join(import.meta.dir, "..", "..", "packaging", "cycast.service");

test("it says READY=1 when both ports are open, WATCHDOG=1 while it turns, and STOPPING=1 at its end", async () => {
  await using folder = await scratch();
  await Bun.write(join(folder.path, "config.hcl"), configText());
  using manager = new Datagrams(join(folder.path, "notify"));
  const env = { NOTIFY_SOCKET: manager.name, WATCHDOG_USEC: "60000" };
  await using radio = await launch([], { cwd: folder.path, env });
  await manager.hears("READY=1");
  for (const address of [`${radio.url}/health`, `http://127.0.0.1:${radio.sourcePort}/health`]) {
    expect((await fetch(address)).status).toBe(200);
  }
  await manager.hears("WATCHDOG=1", 2);
  radio.child.kill("SIGTERM");
  await manager.hears("STOPPING=1");
  expect(await radio.child.exited).toBe(0);
  expect(manager.heard.at(-1)).toBe("STOPPING=1");
  expect(manager.heard.filter((text) => text !== "WATCHDOG=1")).toEqual(["READY=1", "STOPPING=1"]);
});

test("a station that cannot have its port never says READY=1", async () => {
  await using folder = await scratch();
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const text = configText().replace("listen_port = 0", `listen_port = ${taken.port}`);
  await Bun.write(join(folder.path, "config.hcl"), text);
  using manager = new Datagrams(join(folder.path, "notify"));
  const { code } = await run([], { cwd: folder.path, env: { NOTIFY_SOCKET: manager.name } });
  expect(code).toBe(1);
  expect(manager.heard).toEqual([]);
});

test("a frozen process is silent to its watchdog", async () => {
  await using folder = await scratch();
  await Bun.write(join(folder.path, "config.hcl"), configText());
  using manager = new Datagrams(join(folder.path, "notify"));
  const env = { NOTIFY_SOCKET: manager.name, WATCHDOG_USEC: "60000" };
  await using radio = await launch([], { cwd: folder.path, env });
  await manager.hears("WATCHDOG=1");
  radio.child.kill("SIGSTOP");
  const status = () => Bun.file(`/proc/${radio.child.pid}/status`).text();
  await until("it stands", async () => /State:\s+T/.test(await status()));
  const before = manager.heard.length;
  await Bun.sleep(80); // More than a watchdog period.
  expect(manager.heard.length).toBe(before);
  radio.child.kill("SIGCONT");
  await manager.hears("WATCHDOG=1", before);
});

const analyze = requireProgram("systemd-analyze");

test.skipIf(analyze === null)(
  "systemd knows every word of the unit and finds it well shut in",
  async () => {
    await using folder = await scratch();
    const unit = join(folder.path, "cycast.service");
    // It is checked whether the program is there.
    await Bun.write(
      unit,
      (await Bun.file(UNIT).text()).replaceAll("/usr/local/bin/cycast", "/bin/true"),
    );
    const verified = Bun.spawnSync([analyze ?? "", "verify", "--recursive-errors=no", unit]);
    expect(verified.stderr.toString()).toBe("");
    expect(verified.exitCode).toBe(0);
    const judged = Bun.spawnSync([
      analyze ?? "",
      "security",
      "--offline=true",
      "--threshold=20",
      unit,
    ]);
    expect({
      code: judged.exitCode,
      said: judged.stdout.toString().trim().split("\n").at(-1),
    }).toEqual({
      code: 0,
      said: expect.stringContaining("OK"),
    });
  },
);
