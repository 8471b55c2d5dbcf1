// Swagger UI in a real Chromium: whoever has logged in there can try what needs it.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { adminConfig } from "../http/app.ts";
import { PASSWORD } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { startStation } from "../support/station.ts";

const executablePath = requireProgram("chromium");
const FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking";

let browser: Browser | undefined;

beforeAll(async () => {
  if (executablePath !== null)
    browser = await chromium.launch({ executablePath, args: FLAGS.split(" ") });
}, 30_000);
afterAll(() => browser?.close());

async function logIn(page: Page, scheme: string, user: string, password: string): Promise<void> {
  const form = page.locator(".auth-container", { has: page.locator("code", { hasText: scheme }) });
  await form.locator("input").first().fill(user);
  await form.locator("input[type=password]").fill(password);
  await form.locator("button.authorize").click();
}

/** What comes of an operation with the examples that the document has for it. */
async function execute(page: Page, path: string): Promise<string> {
  const operation = page.locator(`.opblock-get:has([data-path="${path}"])`);
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.getByRole("button", { name: "Execute" }).click();
  return operation.locator(".live-responses-table .response").first().innerText();
}

test.skipIf(executablePath === null)(
  "whoever is authorised in Swagger UI executes commands with their examples",
  async () => {
    await using radio = await startStation(adminConfig());
    if (browser === undefined) throw new Error("there is no browser");
    const page = await browser.newPage();
    await page.goto(`${radio.url}/swagger`);
    await page.locator("button.authorize").first().click();
    await logIn(page, "source", "source", PASSWORD);
    await page.locator("button.btn-done").first().click();
    const title = await execute(page, "/admin/metadata");
    expect([title.slice(0, 3), title.includes("Metadata update successful")]).toEqual([
      "200",
      true,
    ]);
    await page.locator("button.authorize").first().click();
    await logIn(page, "admin", "keeper", "admin-of-the-test");
    await page.locator("button.btn-done").first().click();
    expect(await execute(page, "/admin/stats")).toStartWith("200");
    await page.close();
  },
  40_000,
);
