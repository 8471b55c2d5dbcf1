// The end of a session at the desk: signing out, a session that expired, a server that was restarted.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { browser, closeBrowser, executablePath, signIn, type Visit, visit } from "./browser.ts";
import { Line } from "./line.ts";
import { MUSIC, type Radio, startRadio } from "./radio.ts";

const inBrowser = test.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 30_000);
afterAll(closeBrowser);

function portOf({ url }: Radio): number {
  return Number(new URL(url).port);
}

/** The desk, signed in and with everything on it. */
async function openDesk({ url }: { readonly url: string }): Promise<Visit> {
  const visited = await visit(url, "/admin");
  await signIn(visited.page);
  await visited.page.locator("body[data-ready]").waitFor();
  return visited;
}

/** Names of files, log lines and stations are the operator's alone. */
async function expectNothingLeft(page: Page): Promise<void> {
  const text = await page.evaluate<string>("document.documentElement.textContent");
  expect(text).not.toMatch(/Morning Carrier|signed in at|Test Radio/);
}

inBrowser(
  "signing out removes everything about the station from the desk",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await visit(radio.url, "/admin");
    const { page } = visited;
    await signIn(page);
    await page.getByText("01 Morning Carrier.mp3").first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await expectNothingLeft(page);
  },
  40_000,
);

inBrowser(
  "an expired session is explained, and removes everything as well",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await openDesk(radio);
    const { page } = visited;
    // The desk asks for its listeners every 4 s: a click would race with that question for the refusal.
    await page.context().clearCookies();
    await page.getByText("Your session has ended. Please sign in again.").waitFor();
    await expectNothingLeft(page);
  },
  40_000,
);

inBrowser(
  "a command in an expired session is explained as well",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await openDesk(radio);
    const { page } = visited;
    const expired = JSON.stringify({ error: "Please sign in." });
    await page.route("**/api/admin/skip", async (route) => {
      await page.context().clearCookies();
      await route.fulfill({ status: 401, body: expired });
    });
    await page.getByRole("button", { name: "Skip" }).click();
    await page.getByText("Your session has ended. Please sign in again.").waitFor();
  },
  40_000,
);

inBrowser(
  "a restart of the server is explained, and the desk works again after signing in",
  async () => {
    const before = await startRadio([{ music: MUSIC }]);
    await using line = await Line.to(portOf(before));
    await using visited = await openDesk(line);
    const { page } = visited;
    line.cut();
    await before[Symbol.asyncDispose]();
    await page.getByText("Reconnecting…").waitFor();
    await using after = await startRadio([{ music: MUSIC }]);
    line.mend(portOf(after));
    await page.getByText("The server was restarted").waitFor();
    await expectNothingLeft(page);
    await signIn(page);
    await page.getByText("01 Morning Carrier.mp3").first().waitFor();
    await page.getByText("Connected", { exact: true }).first().waitFor();
  },
  60_000,
);
