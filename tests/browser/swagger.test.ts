// Swagger UI in a real Chromium: operations run with their examples, and nothing loads from elsewhere.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { PASSWORD } from "../support/config.ts";
import { browser, closeBrowser, executablePath, visit } from "./browser.ts";
import { ADMIN, startRadio } from "./radio.ts";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

async function logIn(page: Page, scheme: string, user: string, password: string): Promise<void> {
  await page.locator("button.authorize").first().click();
  const form = page.locator(".auth-container", { has: page.locator("code", { hasText: scheme }) });
  await form.locator("input").first().fill(user);
  await form.locator("input[type=password]").fill(password);
  await form.locator("button.authorize").click();
  await page.locator("button.btn-done").first().click();
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
  "an authorised user of Swagger UI runs operations with their examples",
  async () => {
    await using radio = await startRadio();
    await using visited = await visit(radio.url, "/swagger");
    const { page, complaints } = visited;
    expect(await execute(page, "/api/status")).toStartWith("200");
    await logIn(page, "source", "source", PASSWORD);
    const title = await execute(page, "/admin/metadata");
    expect([title.slice(0, 3), title.includes("Metadata update successful")]).toEqual([
      "200",
      true,
    ]);
    await logIn(page, "admin", ADMIN.user, ADMIN.password);
    expect(await execute(page, "/admin/stats")).toStartWith("200");
    expect(complaints).toEqual([]);
  },
  120_000,
);
