// The desk of one server of a cluster in a real Chromium: it shows the others, their listeners, and disconnects one there.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { adminConfig } from "../http/app.ts";
import { inCluster, SECRET } from "../support/nats-servers.ts";
import { Nats, natsServer } from "../support/nats.ts";
import { startStation, until } from "../support/station.ts";
import { trackFrames } from "../support/tracks.ts";
import { goLive, Wire } from "../support/wire.ts";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, visit } from "./browser.ts";
import { ADMIN, MUSIC, startRadio } from "./radio.ts";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

test.skipIf(executablePath === null || natsServer === null)(
  "the desk has the servers of the cluster, and disconnects a listener of another one",
  async () => {
    await using nats = await Nats.start();
    const cluster = `cluster {\n nats = "${nats.url}"\n secret = "${SECRET}"\n node = "here"\n}\n`;
    await using radio = await startRadio([{ music: MUSIC }], ADMIN.password, cluster);
    await using other = await startStation(
      inCluster(adminConfig([{ burstSeconds: 0 }]), nats.url, { node: "elsewhere" }),
    );
    using live = await goLive(other.sourcePort);
    live.send(Buffer.concat(trackFrames(3, 200)));
    using listener = await Wire.listen(other.sourcePort, "/stream", "User-Agent: VLC/3.0\r\n");

    await using visited = await visit(radio.url, "/admin", {
      viewport: { width: 1280, height: 900 },
    });
    const { page, complaints } = visited;
    await page.getByLabel("User name").fill(ADMIN.user);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    const servers = page.getByRole("region", { name: "Servers" });
    await servers.getByText("connected to NATS").waitFor();
    await servers.getByText("1 listener").waitFor();
    expect(await servers.locator("li").allInnerTexts()).toEqual([
      expect.stringContaining("here"),
      expect.stringContaining("elsewhere"),
    ]);
    await page.locator("#tagline", { hasText: "0 listeners, 1 on all servers" }).waitFor();

    await page.getByLabel("Listeners of which server").selectOption("elsewhere");
    const row = page.getByRole("row", { name: /VLC/ });
    await row.waitFor();
    expect(await violations(page)).toEqual([]);
    await row.getByRole("button", { name: "Kick" }).first().click();
    await until("the listener is gone", () => listener.isClosed);
    await page.getByText("No listeners yet").waitFor();
    expect(complaints).toEqual([]);
  },
  120_000,
);
