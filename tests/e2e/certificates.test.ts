// A certificate is renewed while a station runs: the next handshake has the new one, nobody is disconnected, and files
// that cannot be used change nothing.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { Reloader } from "../../src/station/reload.ts";
import { examine } from "../../src/doctor/doctor.ts";
import { concat } from "../format/mpeg-builder.ts";
import { makeCertificate, type PairFiles, secureConfig } from "../support/certificates.ts";
import { testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";

const canMake = requireProgram("openssl") !== null;
const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

const made = (name: string, days?: number) => makeCertificate(home.path, name, days);
const pairs = canMake
  ? {
      old: await made("old"),
      renewed: await made("renewed", 300),
      ending: await made("ending", 20),
    }
  : null;

const HOOK = join(import.meta.dir, "..", "..", "packaging", "certificate-hook.sh");

const NONE: PairFiles = { certificate: "", key: "" };

/** A folder as certbot has it: its two names are links, into a folder for each renewal. */
async function liveFolder(name: string) {
  const folder = join(home.path, name);
  await mkdir(folder);
  const files = { certificate: join(folder, "fullchain.pem"), key: join(folder, "privkey.pem") };
  const swap = async (path: string, target: string) => {
    await symlink(target, `${path}.new`);
    await rename(`${path}.new`, path);
  };
  const put = async (pair: Partial<PairFiles>) => {
    if (pair.certificate !== undefined) await swap(files.certificate, pair.certificate);
    if (pair.key !== undefined) await swap(files.key, pair.key);
  };
  return { files, put };
}

/** The end of the certificate that a new connection gets. */
async function endOf({ sourcePort }: TestStation): Promise<number> {
  const socket = connect({ port: sourcePort, host: "127.0.0.1", rejectUnauthorized: false });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  socket.destroy();
  return end;
}

/** What the doctor says about the certificate. */
const findings = ({ station }: TestStation) =>
  examine(station.facts())
    .map(({ sentence }) => sentence)
    .filter((sentence) => sentence.includes("certificate"));

const count = (lines: readonly string[], text: string) =>
  lines.filter((line) => line.includes(text)).length;

describe.skipIf(pairs === null)("a renewed certificate", () => {
  const { old, renewed, ending } = pairs ?? { old: NONE, renewed: NONE, ending: NONE };

  test("is used for the next handshake, and a listener and a source go on", async () => {
    const live = await liveFolder("renewal");
    await live.put(old);
    await using radio = await startStation(secureConfig(live.files));
    const before = await endOf(radio);
    using dj = await goLive(radio.sourcePort, { open: Wire.secure });
    const frames = trackFrames(1, 120, true);
    dj.send(concat(...frames.slice(0, 60)));
    using listener = await Wire.listen(radio.sourcePort, "/stream", "", Wire.secure);
    await live.put(renewed);
    await until("the new one is in use", async () => (await endOf(radio)) > before);
    dj.send(concat(...frames.slice(60)));
    const last = frames.at(-1) ?? new Uint8Array();
    await until("all is heard", () => listener.body.includes(last));
    expect(listener.body.includes(concat(...frames.slice(30)))).toBe(true);
    expect([dj.isClosed, listener.isClosed]).toEqual([false, false]);
    expect(count(radio.logged, "a new certificate is in use, for localhost, 127.0.0.1")).toBe(1);
    expect(count(radio.logged, "error")).toBe(0);
  });

  test("of certbot or lego is put in place by the hook of the packaging", async () => {
    const folder = await mkdtemp(join(home.path, "tls-"));
    const lineage = await liveFolder("lineage");
    const hook = async (environment: Record<string, string>) => {
      const env = { PATH: process.env["PATH"] ?? "", CYCAST_TLS: folder, ...environment };
      const run = Bun.spawn([HOOK], { env, stdout: "pipe", stderr: "pipe" });
      expect([await run.exited, await new Response(run.stderr).text()]).toEqual([0, ""]);
    };
    await lineage.put(old);
    await hook({ RENEWED_LINEAGE: dirname(lineage.files.certificate) });
    const files = { certificate: join(folder, "fullchain.pem"), key: join(folder, "privkey.pem") };
    expect((await stat(files.key)).mode & 0o777).toBe(0o600);
    await using radio = await startStation(secureConfig(files));
    const before = await endOf(radio);
    using listener = await Wire.listen(radio.sourcePort, "/stream", "", Wire.secure);
    await hook({ LEGO_CERT_PATH: renewed.certificate, LEGO_CERT_KEY_PATH: renewed.key });
    await until("the new one is in use", async () => (await endOf(radio)) > before);
    expect(listener.isClosed).toBe(false);
    expect(count(radio.logged, "error")).toBe(0);
  });

  test("that cannot be used is named once, and the old one stays until the files are in order", async () => {
    const live = await liveFolder("broken");
    await live.put(old);
    await using radio = await startStation(secureConfig(live.files));
    const { certificates } = radio.station;
    const before = await endOf(radio);
    await live.put({ certificate: renewed.certificate });
    for (let i = 0; i < 3; i++) await certificates.look(true);
    const sentence = `the private key ${live.files.key} does not belong to the certificate ${live.files.certificate}`;
    expect(count(radio.logged, `the old one stays in use: ${sentence}`)).toBe(1);
    expect(findings(radio)).toEqual([`The TLS certificate cannot be renewed: ${sentence}.`]);
    expect(await endOf(radio)).toBe(before);
    await live.put({ key: renewed.key });
    await certificates.look(true);
    expect(await endOf(radio)).toBeGreaterThan(before);
    expect(findings(radio)).toEqual([]);
  });

  test.each([
    ["missing", async (path: string) => await rm(path), "no such file"],
    [
      "broken",
      async (path: string) => void (await Bun.write(path, "-----BEGIN")),
      "holds no complete",
    ],
    ["a folder", async (path: string) => (await rm(path), await mkdir(path)), "not a file"],
  ])("that is %s changes nothing", async (_, spoil, words) => {
    const live = await liveFolder(`spoilt ${words}`);
    await Bun.write(live.files.certificate, Bun.file(old.certificate));
    await live.put({ key: old.key });
    await using radio = await startStation(secureConfig(live.files));
    const before = await endOf(radio);
    await spoil(live.files.certificate);
    await radio.station.certificates.look(true);
    expect(findings(radio).join()).toContain(words);
    expect(await endOf(radio)).toBe(before);
    expect(findings(radio)).toHaveLength(1);
  });

  test("is announced by the doctor before the old one ends", async () => {
    await using radio = await startStation(secureConfig(ending));
    expect(findings(radio)[0]).toMatch(
      /^The TLS certificate ends in 19 days, on \d{4}-\d\d-\d\d\.$/,
    );
    expect(count(radio.logged, "warn the certificate ends in 19 days")).toBe(1);
  });
});

describe.skipIf(pairs === null)("a station whose certificate cannot be used", () => {
  const { old, renewed } = pairs ?? { old: NONE, renewed: NONE };

  test("does not start, and says why", async () => {
    const mixed = { certificate: old.certificate, key: renewed.key };
    await expect(startStation(secureConfig(mixed))).rejects.toThrow(
      `the private key ${renewed.key} does not belong to the certificate ${old.certificate}`,
    );
    const missing = { ...old, key: join(home.path, "nowhere.key") };
    await expect(startStation(secureConfig(missing))).rejects.toThrow(
      `tls.key ${missing.key}: no such file`,
    );
  });

  test("after a reload is one that has changed nothing", async () => {
    await using radio = await startStation(secureConfig(old));
    const mixed = { certificate: old.certificate, key: renewed.key };
    const next = secureConfig(mixed, [{ burstSeconds: 1 }]);
    const reloader = new Reloader(radio.station, () => Promise.resolve(next));
    await expect(reloader.reload("SIGHUP")).rejects.toThrow("does not belong");
    expect(radio.station.config.mounts[0].buffer.burstSeconds).toBe(5);
    expect(await endOf(radio)).toBeGreaterThan(0);
  });

  test("gets, changes and loses it by a reload", async () => {
    await using radio = await startStation(testConfig());
    let next = secureConfig(old);
    const reloader = new Reloader(radio.station, () => Promise.resolve(next));
    await expect(endOf(radio)).rejects.toThrow();
    expect((await reloader.reload("SIGHUP")).applied).toEqual(["tls.certificate", "tls.key"]);
    const before = await endOf(radio);
    next = secureConfig(renewed);
    await reloader.reload("SIGHUP");
    expect(await endOf(radio)).toBeGreaterThan(before);
    next = testConfig();
    await reloader.reload("SIGHUP");
    await expect(endOf(radio)).rejects.toThrow();
  });
});
