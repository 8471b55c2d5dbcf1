// Recordings at the desk in a real Chromium: they are heard, held, put into a playlist, and deleted.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Studio } from "../recording/studio.ts";
import { scratch, until } from "../support/station.ts";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { ADMIN, startRadio } from "./radio.ts";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

/** A recording of a few seconds, as the station writes it. Returns the path of its audio. */
async function writeRecording(folder: string): Promise<string> {
  using studio = new Studio({}, "2026-11-29T10:20:00Z");
  studio.play(studio.playlist, 400);
  await studio.recordings.close();
  for (const [path, { bytes, size }] of studio.disk.files) {
    await Bun.write(folder + path.slice("/rec".length), bytes.subarray(0, size));
  }
  return folder + (studio.disk.done[0] ?? "").slice("/rec".length);
}

describe.skipIf(executablePath === null)("the desk", () => {
  test("lists recordings, plays, holds, releases and replays one, and deletes it", async () => {
    await using folder = await scratch();
    const [directory, again] = [join(folder.path, "recordings"), join(folder.path, "again")];
    const audio = await writeRecording(directory);
    const block = `recording "shows" {\n  directory = "${directory}"\n  playlist_directory = "${again}"\n}\n`;
    await using radio = await startRadio([{}], ADMIN.password, block);
    await using visited = await visit(radio.url, "/admin", {
      viewport: { width: 1280, height: 900 },
    });
    const { page, complaints } = visited;
    await signIn(page);
    const panel = page.getByRole("region", { name: "Recordings" });
    const row = panel.getByRole("listitem");
    await row.getByText("10s").waitFor();
    expect(await panel.locator("#recording-count").innerText()).toBe("1 recording");
    expect(await violations(page)).toEqual([]);

    await row.getByRole("button", { name: /^Play:/ }).click();
    const seconds = "document.querySelector('#recorded').currentTime";
    await until("it is heard", async () => Number(await page.evaluate(seconds)) > 0.3);
    await page.evaluate("document.querySelector('#recorded').pause()");
    const link = row.getByRole("link", { name: /^Download:/ });
    expect(await link.getAttribute("href")).toContain("&download=1");

    await row.getByRole("button", { name: /^Hold:/ }).click();
    await row.getByText("held").waitFor();
    await row.getByRole("button", { name: /^Release:/ }).click();
    await row.getByRole("button", { name: /^Hold:/ }).waitFor();
    await row.getByRole("button", { name: /^To playlist:/ }).click();
    await until("it is there", () =>
      existsSync(join(again, "stream 2026-11-29 10-20-00+0000.mp3")),
    );

    await row.getByRole("button", { name: /^Delete:/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await panel.getByText("No recordings yet").waitFor();
    expect(existsSync(audio)).toBe(false);
    expect(complaints).toEqual([]);
  }, 120_000);
});
