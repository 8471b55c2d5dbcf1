// The configuration at the desk: how the file differs from what runs, its mistakes, and its reload.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { startRadio } from "./radio.ts";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

describe.skipIf(executablePath === null).each([
  { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  { viewport: { width: 360, height: 780 }, colorScheme: "light" },
] as const)("the configuration at the desk, %j", (look) => {
  test("is compared with what runs, and reloaded with its result or all its mistakes", async () => {
    await using radio = await startRadio();
    await using visited = await visit(radio.url, "/admin", look);
    const { page } = visited;
    await signIn(page);
    const state = page.locator("#file-state");
    await state.getByText("config.hcl is what runs.").waitFor();
    const reload = page.getByRole("button", { name: "Reload configuration" });

    await radio.rewrite("  icy_metaint = 8000\n  nmae = 1\n  enable_icy = 3\n");
    await reload.click();
    await state.getByText("config.hcl has 2 mistakes.").waitFor();
    const problems = page.locator("#file-changes");
    await problems.getByText('unknown key "nmae" in metadata').waitFor();
    expect(await problems.locator("li").count()).toBe(2);
    expect(await problems.locator("code").first().innerText()).toMatch(/^config\.hcl:\d+:\d+$/);
    await page.locator("#reloaded", { hasText: "Not reloaded" }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);

    await radio.rewrite("  icy_metaint = 8000", "library {\n  cache_gb = 3\n}\n");
    await page.reload();
    await state.getByText("config.hcl differs from what runs.").waitFor();
    await problems.getByText("mount /stream: metadata.icy_metaint").waitFor();
    await problems.locator("li", { hasText: "The next start applies library.cache_gb" }).waitFor();
    await reload.click();
    const done = "1 setting applied, 1 setting at the next start.";
    await page.locator("#reloaded", { hasText: done }).waitFor();
    await problems.getByText("mount /stream: metadata.icy_metaint").waitFor({ state: "detached" });
    await problems.locator("li", { hasText: "library.cache_gb" }).waitFor();
    await page.locator("#log").getByText("operator reloaded config.hcl").waitFor();
  }, 120_000);
});
