// Whose certificates a push accepts.
import { expect, test } from "bun:test";
import { openLink } from "../../../src/output/push/push-link.ts";
import { readPushUrl } from "../../../src/config/push-url.ts";
import { hasOpenssl, makeCertificate } from "../../support/certificates.ts";
import { scratch } from "../../support/station.ts";

/** "open", or why not. */
function tried(port: number, isVerified: boolean): Promise<string> {
  const target = readPushUrl(`icecast+tls://source:pw@localhost:${port}/live`);
  if (target === null) throw new Error("no target");
  const { promise, resolve } = Promise.withResolvers<string>();
  const link = openLink(target, isVerified, {
    onOpen: () => resolve("open"),
    onData: () => undefined,
    onDrain: () => undefined,
    onEnd: resolve,
  });
  return promise.finally(() => link.close());
}

test.skipIf(!hasOpenssl)(
  "one that nobody here vouches for, or for another name, is refused, and taken without tls_verify",
  async () => {
    await using folder = await scratch();
    const own = await makeCertificate(folder.path, "own");
    const foreign = await makeCertificate(folder.path, "foreign", 90, "DNS:other.example");
    for (const { certificate, key } of [own, foreign]) {
      const tls = { cert: Bun.file(certificate), key: Bun.file(key) };
      using server = Bun.listen({ hostname: "localhost", port: 0, tls, socket: { data() {} } });
      expect(await tried(server.port, true)).toStartWith("its certificate is not accepted: ");
      expect(await tried(server.port, false)).toBe("open");
    }
  },
);
