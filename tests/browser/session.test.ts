// The end of a session at the desk: signing out, a session that expired, a server that was restarted.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { browser, closeBrowser, executablePath, signIn, type Visit, visit } from "./browser.ts";
import { Line } from "./line.ts";
import { scratch } from "../support/station.ts";
import { Wire } from "../support/wire.ts";
import { MUSIC, type Radio, startRadio } from "./radio.ts";

const inBrowser = test.skipIf(executablePath === null);

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
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

const ADDRESS = "127.0.0.9";

/** Names of files, log lines, stations, users and players, and addresses, are the operator's alone. */
async function expectNothingLeft(page: Page): Promise<void> {
  const html = await page.evaluate<string>("document.documentElement.outerHTML");
  expect(html).not.toMatch(/Morning Carrier|signed in at|Test Radio|127\.0\.0|VLC|operator/);
  const typed = await page.evaluate(
    "[...document.querySelectorAll('input')].map((one) => one.value)",
  );
  expect(JSON.stringify(typed)).not.toMatch(/VLC|operator/);
  expect(await page.title()).not.toContain("Test Radio");
}

inBrowser(
  "signing out removes everything about the station from the desk, and from what the browser keeps",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }, { path: "/jazz" }]);
    const headers = `X-Forwarded-For: ${ADDRESS}\r\nUser-Agent: VLC/3.0.21\r\n`;
    using _listener = await Wire.listen(portOf(radio), "/stream", headers);
    await using visited = await visit(radio.url, "/admin#/stream");
    const { page, complaints } = visited;
    const kept: string[] = [];
    page.on("response", (answer) => {
      const { pathname } = new URL(answer.url());
      const isStored = answer.headers()["cache-control"] !== "no-store";
      if (/^\/(admin|api\/admin)/.test(pathname) && isStored) kept.push(pathname);
    });
    await page.reload();
    await signIn(page);
    await page.getByText("01 Morning Carrier.mp3").first().waitFor();
    await page.getByLabel(/Search listeners/).fill("vlc");
    await page.getByRole("row", { name: /VLC/ }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await expectNothingLeft(page);
    expect(new URL(page.url()).hash).toBe("");
    expect([kept, complaints]).toEqual([[], []]);
  },
  120_000,
);

inBrowser(
  "a desk that is left for another page keeps nothing for the back button",
  async () => {
    await using radio = await startRadio([{ music: MUSIC }]);
    await using visited = await openDesk(radio);
    const { page } = visited;
    await page.evaluate(
      "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); 0",
    );
    await expectNothingLeft(page);
    await page.evaluate(
      "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); 0",
    );
    await page.locator("body[data-ready]").waitFor();
    await page.getByText("01 Morning Carrier.mp3").first().waitFor();
  },
  120_000,
);

inBrowser(
  "a desk goes on by itself after a restart of the server, and ends with another password",
  async () => {
    await using folder = await scratch();
    const start = (password?: string) =>
      startRadio([{ music: MUSIC }, { path: "/jazz" }], password, "", folder.path);
    const before = await start();
    await using line = await Line.to(portOf(before));
    await using visited = await openDesk(line);
    const { page } = visited;
    await page.getByRole("button", { name: "/jazz" }).click();
    await page.locator("#log").getByText("signed in at the desk").first().waitFor();
    line.cut();
    await before[Symbol.asyncDispose]();
    await page.getByText("Reconnecting…").waitFor();
    const again = await start();
    line.mend(portOf(again));
    await page.getByText("Connected", { exact: true }).first().waitFor();
    // The log of the new run.
    await page
      .locator("#log")
      .getByText("signed in at the desk")
      .first()
      .waitFor({ state: "detached" });
    expect(await page.locator(".choose[aria-pressed=true]").innerText()).toBe("/jazz");
    line.cut();
    await again[Symbol.asyncDispose]();
    await page.getByText("Reconnecting…").waitFor();
    await using last = await start("another password");
    line.mend(portOf(last));
    await page.getByText("Your account was changed, so your session ended.").waitFor();
    await expectNothingLeft(page);
  },
  120_000,
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
  120_000,
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
  120_000,
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
  120_000,
);
