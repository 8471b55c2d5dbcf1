// Certificates for tests, each its own authority: made by openssl, which knows nothing of what it is for.
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { testConfig, type TestMount } from "./config.ts";
import { requireProgram } from "./programs.ts";

export interface PairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Writes `<name>.pem` and `<name>.key` for localhost, or for other `names`, into a folder. */
export async function makeCertificate(
  folder: string,
  name: string,
  days = 90,
  names = "DNS:localhost,IP:127.0.0.1",
): Promise<PairFiles> {
  const certificate = join(folder, `${name}.pem`);
  const key = join(folder, `${name}.key`);
  const made = Bun.spawn(
    [
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost".split(
        " ",
      ),
      ["-addext", `subjectAltName=${names}`, "-days", String(days)],
      ["-keyout", key, "-out", certificate],
    ].flat(),
    { stdout: "ignore", stderr: "pipe" },
  );
  if ((await made.exited) !== 0) throw new Error(await new Response(made.stderr).text());
  return { certificate, key };
}

export const hasOpenssl = requireProgram("openssl") !== null;

/** The configuration of a station with a certificate, which is its `tls` block. */
export function secureConfig(
  files: PairFiles,
  mounts: readonly [TestMount, ...TestMount[]] = [{}],
  tls: Partial<Config["tls"]> = {},
): Config {
  const config = testConfig(mounts);
  return { ...config, tls: { ...config.tls, ...files, ...tls } };
}
