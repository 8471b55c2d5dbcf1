// A NATS that wants TLS and a password, as one on another machine should.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { hasOpenssl, makeCertificate } from "../support/certificates.ts";
import { testConfig } from "../support/config.ts";
import { inCluster, linkOf, Origin } from "../support/nats-servers.ts";
import { Nats, natsServer } from "../support/nats.ts";
import { freePort } from "../support/ports.ts";
import { scratch, startStation, until } from "../support/station.ts";
import { trackFrames, writeTrack } from "../support/tracks.ts";

const PASSWORD = "p@ss/word";

describe.skipIf(natsServer === null || !hasOpenssl)("NATS with TLS and a password", () => {
  test("is joined by who trusts its certificate and knows the password, and by nobody else", async () => {
    await using folder = await scratch();
    const { certificate, key } = await makeCertificate(folder.path, "nats");
    const account = ["--user", "radio", "--pass", PASSWORD];
    await using nats = await Nats.start([
      "--tls",
      "--tlscert",
      certificate,
      "--tlskey",
      key,
      ...account,
    ]);
    const addressOf = (password: string) =>
      `tls://radio:${encodeURIComponent(password)}@localhost:${nats.port}`;
    const music = join(folder.path, "music");
    await writeTrack(music, "a.mp3", trackFrames(1, 400));
    const child = { folder: folder.path, music, environment: { NODE_EXTRA_CA_CERTS: certificate } };
    const port = freePort();
    await using member = new Origin({ ...child, port, nats: addressOf(PASSWORD), node: "a" });
    await member.start();

    const stranger = inCluster(testConfig(), addressOf(PASSWORD), { node: "b" });
    await using outside = await startStation(stranger);
    await until("it says why", () => /certificate/i.test(linkOf(outside).broker.trouble ?? ""));
    expect(linkOf(outside).broker.isConnected).toBe(false);
    expect(outside.logged.join("\n")).not.toContain(PASSWORD);
  }, 120_000);

  test("without TLS too, a wrong password is named", async () => {
    await using nats = await Nats.start(["--user", "radio", "--pass", PASSWORD]);
    const stationWith = (password: string, node: string) => {
      const address = `nats://radio:${encodeURIComponent(password)}@127.0.0.1:${nats.port}`;
      return startStation(inCluster(testConfig(), address, { node }));
    };
    await using inside = await stationWith(PASSWORD, "a");
    await using outside = await stationWith("wrong", "b");
    await until("the one is in", () => linkOf(inside).broker.isConnected);
    await until("the other says why", () =>
      /authori[sz]ation|authentication/i.test(linkOf(outside).broker.trouble ?? ""),
    );
    expect(linkOf(outside).broker.isConnected).toBe(false);
  });
});
