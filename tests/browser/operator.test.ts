// An operator at the desk in a real Chromium: what the role may not do is hidden; an address is banned, and let in again.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { requireProgram } from "../support/programs.ts";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, visit } from "./browser.ts";
import { ADMIN, MUSIC, type Radio, startRadio } from "./radio.ts";

const curl = requireProgram("curl");
const PIRATE = "127.0.0.2";

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

/** A client with another address. */
function pirate({ url }: Radio, path: string, ...more: string[]) {
  const asked = [curl ?? "", "-s", "-o", "/dev/null", "--interface", PIRATE, ...more];
  const program = Bun.spawn([...asked, `${url}${path}`], { stdin: "ignore", stdout: "pipe" });
  return {
    text: new Response(program.stdout).text(),
    exited: program.exited,
    [Symbol.dispose]: () => program.kill("SIGKILL"),
  };
}

async function statusFor(radio: Radio): Promise<string> {
  using asking = pirate(radio, "/api/status", "-w", "%{http_code}");
  return await asking.text;
}

describe.skipIf(executablePath === null || curl === null)("an operator", () => {
  test("signs in by an account, bans a listener's address for an hour, and ends the ban", async () => {
    const account = 'account "anna" {\n  password = "secret of anna"\n  role = "operator"\n}\n';
    await using radio = await startRadio([{ music: MUSIC }], ADMIN.password, account);
    await using visited = await visit(radio.url, "/admin", {
      viewport: { width: 1280, height: 900 },
    });
    const { page, complaints } = visited;
    await page.getByLabel("User name").fill("anna");
    await page.getByLabel("Password").fill("secret of anna");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("#who", { hasText: "anna" }).waitFor();
    expect(await page.locator("#role").innerText()).toBe("operator");
    expect(await page.locator("#reload").isVisible()).toBe(false);

    using listening = pirate(radio, "/stream", "-A", "A Pirate/1.0");
    const row = page.getByRole("row", { name: /A Pirate/ });
    await row.getByRole("button", { name: `Ban ${PIRATE}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("For").selectOption("3600");
    await dialog.getByRole("button", { name: "Ban" }).click();
    await listening.exited;
    const bans = page.getByRole("region", { name: "Bans" });
    await bans.getByText(PIRATE).waitFor();
    await row.waitFor({ state: "detached" });
    expect(await violations(page)).toEqual([]);
    expect(await statusFor(radio)).toBe("403");

    await bans.getByRole("button", { name: `End ban of ${PIRATE}` }).click();
    await bans.waitFor({ state: "hidden" });
    expect(await statusFor(radio)).toBe("200");
    await page.locator("#log").getByText(`anna ended the ban of ${PIRATE}`).first().waitFor();
    expect(complaints).toEqual([]);
  }, 120_000);
});
