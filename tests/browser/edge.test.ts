// The page of an origin in a real Chromium: what it plays comes from an edge, as a stream and by HLS.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { edgeConfig, originConfig, SECRET } from "../support/cluster.ts";
import { startStation, until } from "../support/station.ts";
import { browser, closeBrowser, executablePath, playedSeconds, visit } from "./browser.ts";
import { ADMIN, MUSIC, startRadio } from "./radio.ts";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

const HLS = { enabled: true, segment: 2, window: 6 };

test.skipIf(executablePath === null)(
  "a listener of the page is sent to an edge, by the stream and by HLS",
  async () => {
    await using edge = await startStation(originConfig([{ hls: HLS }]));
    const hls = "hls {\n enabled = true\n segment = 2\n}\n";
    const cluster = `cluster {\n secret = "${SECRET}"\n edges = ["${edge.url}"]\n}\n`;
    await using radio = await startRadio([{ music: MUSIC }], ADMIN.password, hls + cluster);
    edge.station.reconfigure(edgeConfig([radio.url], {}, { hls: HLS }));
    const index = `${radio.url}/stream/hls/index.m3u8`;
    await until("the edge takes listeners", async () => {
      const answer = await fetch(index, { redirect: "manual" });
      await answer.text();
      return answer.status === 302;
    });
    const { doors } = edge.station.first.audience.counts;
    for (const path of ["/", "/?hls=1"]) {
      const isHls = path !== "/";
      await using visited = await visit(radio.url, path);
      await visited.page.locator("#play").click();
      await until("it is a listener there", () => (isHls ? doors.hls : doors.listen) === 1);
      await until("it plays", async () => (await playedSeconds(visited.page)) > 0.3);
      const asked = `asked for ${edge.url}/stream`;
      expect(visited.complaints.filter((one) => !one.startsWith(asked))).toEqual([]);
    }
  },
  180_000,
);
