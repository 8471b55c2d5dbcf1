// Examines a configured certificate without a station.
import type { Config } from "../config/config.ts";
import { Disks } from "../disk/disks.ts";
import { wallClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { startDiskThread } from "../library/start-thread.ts";
import { CertificateFiles } from "./certificate-files.ts";

/** Its warnings. Rejects with CertificateError if a station would not start with it. */
export async function checkCertificate(config: Pick<Config, "tls">): Promise<string[]> {
  const warnings: string[] = [];
  const log = createLog((_, text) => warnings.push(text));
  const files = new CertificateFiles(new Disks(startDiskThread), log, wallClock);
  const use = await files.prepare(config);
  await use();
  return warnings;
}
