// How the files of a certificate are watched: look by look, with nothing else going on.
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Disks } from "../../src/disk/disks.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { wallClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { startDiskThread } from "../../src/library/start-thread.ts";
import { CertificateFiles } from "../../src/tls/certificate-files.ts";
import { makeCertificate, type PairFiles } from "../support/certificates.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";

const DAY_MS = 86_400_000;
const canMake = requireProgram("openssl") !== null;
const home = await scratch();
const disks = new Disks(startDiskThread);
afterAll(async () => {
  disks.close();
  await home[Symbol.asyncDispose]();
});
const pairs = canMake
  ? {
      old: await makeCertificate(home.path, "old"),
      renewed: await makeCertificate(home.path, "renewed", 300),
    }
  : null;

const NONE: PairFiles = { certificate: "", key: "" };

class Wall implements Clock {
  days = 0;
  nowMs(): number {
    return wallClock.nowMs() + this.days * DAY_MS;
  }
}

describe.skipIf(pairs === null)("the files of a certificate", () => {
  const { old, renewed } = pairs ?? { old: NONE, renewed: NONE };
  const files = { certificate: join(home.path, "live.pem"), key: join(home.path, "live.key") };
  const tls = { ...files, listenPort: 0, redirect: false };
  let wall = new Wall();
  let logged: string[] = [];
  let watched = watch();

  function watch() {
    const log = createLog((level, text) => logged.push(`${level} ${text}`));
    return new CertificateFiles(disks, log, wall);
  }

  async function put({ certificate, key }: Partial<PairFiles>): Promise<void> {
    if (certificate !== undefined) await Bun.write(files.certificate, Bun.file(certificate));
    if (key !== undefined) await Bun.write(files.key, Bun.file(key));
  }

  beforeEach(async () => {
    [wall, logged] = [new Wall(), []];
    watched = watch();
    await put(old);
    await (
      await watched.prepare({ tls })
    )();
  });

  test("are taken as they are at the start, without a word", () => {
    expect(watched.current?.names).toEqual(["localhost", "127.0.0.1"]);
    expect(logged).toEqual([]);
  });

  test("are no trouble while a renewal is half done", async () => {
    const before = watched.current;
    await put({ certificate: renewed.certificate });
    await watched.look();
    expect([watched.current, watched.trouble, logged]).toEqual([before, null, []]);
    await put({ key: renewed.key });
    await watched.look();
    expect(watched.current?.endMs).toBeGreaterThan(before?.endMs ?? 0);
    expect(logged).toEqual([
      expect.stringMatching(/^info a new certificate is in use, for localhost/),
    ]);
  });

  test("are named when two looks find the same wrong, once, and when they are right again", async () => {
    await put({ key: renewed.key });
    for (let i = 0; i < 4; i++) await watched.look();
    expect(watched.trouble).toContain("does not belong");
    expect(logged).toEqual([expect.stringMatching(/^error the certificate is not renewed/)]);
    await put(old);
    await watched.look();
    expect(watched.trouble).toBeNull();
    expect(logged.slice(1)).toEqual(["info the certificate files are in order again"]);
  });

  test("are not replaced by a certificate that has expired, while the one in use has not", async () => {
    const short = await makeCertificate(home.path, "short", 1);
    wall.days = 2;
    await put(short);
    await watched.look(true);
    expect(watched.trouble).toBe(`the certificate ${files.certificate} has expired`);
    expect(watched.current?.cert).toBe(await Bun.file(old.certificate).text());
  });

  test("are not read beyond a bound", async () => {
    await Bun.write(files.certificate, new Uint8Array((1 << 20) + 1));
    await watched.look(true);
    expect(watched.trouble).toBe(`tls.certificate ${files.certificate}: too large`);
  });

  test("give one warning at 30, 14 and 6 days before the end, and one after it", async () => {
    for (wall.days = 50; wall.days < 95; wall.days++) await watched.look();
    expect(logged).toEqual([
      "warn the certificate ends in 30 days",
      "warn the certificate ends in 14 days",
      "warn the certificate ends in 6 days",
      "warn the certificate has expired",
    ]);
  });
});
