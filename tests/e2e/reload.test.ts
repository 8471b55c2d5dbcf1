// A station reads its configuration again: what can change does at once, and nobody loses a byte.
import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { PASSWORD } from "../support/config.ts";
import { concat } from "../format/mpeg-builder.ts";
import { configText, type Keys, operate as operateIn } from "../support/operated.ts";
import { scratch, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

const operate = (name: string, keys: Keys = {}) => operateIn(home.path, name, keys);

describe("a reload", () => {
  test("by SIGHUP takes over what changed, and a listener hears every frame", async () => {
    await using at = await operate("hang-up");
    using dj = await goLive(at.sourcePort);
    const frames = trackFrames(1, 90, true);
    dj.send(concat(...frames.slice(0, 30)));
    await at.has("/stream: the live source 127.0.0.1");
    using listener = await Wire.listen(at.listenPort, "/stream");
    for (const [turn, name] of ["One", "Two", "Three"].entries()) {
      await at.write({ rest: `metadata {\n  station_name = "Radio ${name}"\n}\n` });
      at.child.kill("SIGHUP");
      await until("it is reloaded", () => at.log().split("SIGHUP reloaded").length === turn + 2);
      dj.send(concat(...frames.slice(30 + turn * 20, 50 + turn * 20)));
      const stats = await (await at.ask("/status-json.xsl")).text();
      expect(stats).toContain(`Radio ${name}`);
    }
    await at.has("mount /stream: metadata.station_name");
    const last = frames[89] ?? new Uint8Array();
    await until("all is heard", () => Buffer.from(listener.body).includes(last));
    const heard = Buffer.from(listener.body);
    const at0 = heard.indexOf(frames[10] ?? last);
    expect(heard.subarray(at0).equals(concat(...frames.slice(10)))).toBe(true);
  });

  test("with a mistake changes nothing, and names all mistakes in log and answer", async () => {
    await using at = await operate("mistake");
    await at.write({ rest: "buffer {\n  burst_seconds = 99\n}\nmetadata {\n  nmae = 1\n}\n" });
    const answer = await at.ask("/api/admin/reload", "POST");
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      error: "The configuration has mistakes; nothing was changed.",
      problems: [{ line: 9 }, { line: 12 }],
    });
    await at.has("reload by admin failed, nothing was changed");
    at.child.kill("SIGHUP");
    await at.has("reload by SIGHUP failed, nothing was changed");
    await at.has("this value is not accepted (expected: 0 to 60 seconds); ");
    expect((await at.ask("/api/admin/session")).status).toBe(200);
  });

  test("names what takes effect at the next start, each time it is asked", async () => {
    await using at = await operate("later");
    await at.write({ server: "  # more memory\n", rest: "buffer {\n  size_mb = 2\n}\n" });
    const expected = { applied: [], at_restart: ["mount /stream: buffer.size_mb"] };
    expect(await (await at.ask("/api/admin/reload")).json()).toEqual(expected);
    for (let turn = 0; turn < 2; turn++) {
      const answer = await (await at.ask("/api/admin/reload", "POST")).json();
      expect(answer).toEqual({
        message: "0 settings applied, 1 setting at the next start.",
        ...expected,
      });
    }
  });

  test("changes passwords for the next login, and asks the desk for the new one", async () => {
    await using at = await operate("passwords");
    await at.write({ server: "" });
    const file = join(home.path, "passwords.hcl");
    await Bun.write(file, configText({}).replaceAll(PASSWORD, "another"));
    expect((await at.ask("/api/admin/reload", "POST")).status).toBe(200);
    expect((await at.ask("/api/admin/doctor")).status).toBe(401);
    expect((await at.ask("/api/admin/doctor", "GET", "another")).status).toBe(200);
    expect(at.log()).not.toContain("another");
  });
});

test("no signal that an operator may send ends a station that is not meant to end", async () => {
  await using at = await operate("signals");
  for (const signal of ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGWINCH"] as const)
    at.child.kill(signal);
  await at.has("SIGHUP reloaded");
  expect((await at.ask("/health")).status).toBe(200);
  expect(at.child.exitCode).toBeNull();
});
