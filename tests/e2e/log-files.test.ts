// The log of a station in its file: as JSON, moved away by logrotate, and changed by a reload.
import { afterAll, expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { operate } from "../support/operated.ts";
import { scratch, until } from "../support/station.ts";
import { goLive } from "../support/wire.ts";

const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

async function textOf(name: string): Promise<string> {
  const file = Bun.file(join(home.path, name));
  return (await file.exists()) ? file.text() : "";
}

async function linesOf(name: string): Promise<Record<string, unknown>[]> {
  const lines = (await textOf(name)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const BOTH = `log {
  format = "json"
  file   = "station.log"
}
advanced { access_log = "access.log" }
`;

test("every line is a JSON object, and SIGUSR1 begins both logs anew at once", async () => {
  await using at = await operate(home.path, "rotated", { rest: BOTH });
  using dj = await goLive(at.sourcePort);
  const isIn = (name: string) =>
    until(`the login is in ${name}`, async () => {
      return (await textOf(name)).includes("has logged in");
    });
  await isIn("station.log");
  const login = (await linesOf("station.log")).find(({ msg }) => String(msg).includes("logged in"));
  expect(login).toMatchObject({ level: "info", mount: "/stream", address: "127.0.0.1" });
  expect(String(login?.["ts"])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

  for (const name of ["station.log", "access.log"])
    await rename(join(home.path, name), join(home.path, `${name}.1`));
  at.child.kill("SIGUSR1");
  await until("both are there again", async () => {
    const files = ["station.log", "access.log"].map((name) => Bun.file(join(home.path, name)));
    return (await Promise.all(files.map((file) => file.exists()))).every(Boolean);
  });
  dj.socket.destroy();
  await until("what comes later is in the new one", async () =>
    (await textOf("station.log")).includes("has left"),
  );
  expect(await textOf("station.log.1")).not.toContain("has left");
  expect((await at.ask("/health/live")).status).toBe(200);
});

test("a reload changes form, level and file, and the station's end loses no line", async () => {
  const at = await operate(home.path, "changed");
  await at.write({ rest: 'log {\n  format = "json"\n  file = "later.log"\n}\n' });
  at.child.kill("SIGHUP");
  await until("it writes to its file", async () =>
    (await textOf("later.log")).includes("reloaded"),
  );
  expect((await linesOf("later.log"))[0]).toMatchObject({ level: "info" });
  await at.write({ rest: 'log {\n  level = "warn"\n  file = "later.log"\n}\n' });
  at.child.kill("SIGHUP");
  await until("it has changed", async () => (await at.ask("/api/admin/reload")).ok);
  await until("nothing is pending", async () => {
    const pending = await (await at.ask("/api/admin/reload")).json();
    return JSON.stringify(pending).includes('"applied":[]');
  });
  const before = await textOf("later.log");
  at.child.kill("SIGTERM");
  expect(await at.child.exited).toBe(0);
  expect(await textOf("later.log")).toBe(before);
});

test("a file that cannot be written leaves the log on standard error", async () => {
  await using at = await operate(home.path, "nowhere", {
    rest: 'log { file = "no/such/folder/station.log" }\n',
  });
  await at.has("(ENOENT): check log.file");
  using _ = await goLive(at.sourcePort);
  await at.has("has logged in");
});
