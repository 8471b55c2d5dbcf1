// The desk in a real Chromium: signing in, a real encoder and a real listener seen and kicked, the track skipped.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions } from "playwright-core";
import { PASSWORD } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";
import { violations } from "./axe.ts";
import { browser, closeBrowser, executablePath, signIn, visit } from "./browser.ts";
import { ADMIN, MUSIC, type Radio, startRadio, statusOf } from "./radio.ts";

const ffmpeg = requireProgram("ffmpeg");
const curl = requireProgram("curl");

beforeAll(async () => void (executablePath === null || (await browser())), 120_000);
afterAll(closeBrowser);

function visitDesk({ url }: Radio, look: BrowserContextOptions = {}) {
  return visit(url, "/admin", { viewport: { width: 1280, height: 900 }, ...look });
}

/** Ends with the test. */
function spawn(command: readonly string[]): Disposable & { readonly exited: Promise<number> } {
  const program = Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  return { exited: program.exited, [Symbol.dispose]: () => program.kill("SIGKILL") };
}

function encoder(radio: Radio) {
  const tone = ["-re", "-f", "lavfi", "-i", "sine=f=440", "-ac", "2", "-ar", "44100"];
  const mp3 = ["-b:a", "128k", "-f", "mp3", "-content_type", "audio/mpeg"];
  const url = `icecast://source:${PASSWORD}@127.0.0.1:${radio.sourcePort}/stream`;
  return spawn([ffmpeg ?? "", "-loglevel", "error", ...tone, ...mp3, url]);
}

function player(radio: Radio, name: string) {
  return spawn([curl ?? "", "-s", "-o", "/dev/null", "-A", name, `${radio.url}/stream`]);
}

/** To and from a port where nobody listens. */
const PUSH =
  'push "backup" { url = "icecast://source:pw@127.0.0.1:1/live" }\n' +
  'relay "main" { url = "http://user:pw@127.0.0.1:1/live" }\n';

const WAITING = 'advanced { on_busy = "wait" }\n';

const isReady = executablePath !== null && ffmpeg !== null && curl !== null;

describe.skipIf(!isReady)("the desk", () => {
  test("shows a real encoder and a real listener, and lets the operator kick both and skip the track", async () => {
    await using radio = await startRadio([{ music: MUSIC }], ADMIN.password, WAITING);
    await using visited = await visitDesk(radio);
    const { page, complaints } = visited;
    await signIn(page);
    await page.getByText("01 Morning Carrier.mp3").first().waitFor();
    await page.locator("#chart canvas").waitFor();

    await page.getByRole("button", { name: "Skip" }).click();
    await page.getByText("01 Morning Carrier.mp3 was skipped.").waitFor();
    await page.locator("#playing-file", { hasText: "02 Shortwave Bossa.mp3" }).waitFor();

    using listener = player(radio, "A Real Player/1.0");
    using other = player(radio, "Another/2.0");
    await page.getByRole("row", { name: /A Real Player/ }).waitFor();
    const kick = page
      .getByRole("row", { name: /A Real Player/ })
      .getByRole("button", { name: /^Kick/ });
    await kick.click();
    await listener.exited;
    await until("one is left", async () => (await statusOf(radio)).listeners === 1);
    await page.getByRole("row", { name: /A Real Player/ }).waitFor({ state: "detached" });
    await page.getByRole("row", { name: /Another/ }).waitFor();

    using dj = encoder(radio);
    await page.locator("#source-agent", { hasText: "Lavf" }).waitFor();
    await page.locator("#source-address", { hasText: "127.0.0.1" }).waitFor();
    await page.getByRole("cell", { name: "Live", exact: true }).first().waitFor();
    const waits = page.locator("#waiting-sources li", { hasText: "127.0.0.1 · Lavf" });
    using early = encoder(radio);
    await waits.getByRole("button", { name: /^Kick waiting source/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Kick" }).click();
    await early.exited;
    await waits.waitFor({ state: "detached" });
    await page.getByRole("cell", { name: "Live", exact: true }).first().waitFor();
    using next = encoder(radio);
    await waits.waitFor();
    const kickSource = async () => {
      await page.locator("#kick-source").click();
      await page.getByRole("dialog").getByRole("button", { name: "Kick" }).click();
    };
    await kickSource();
    await dj.exited;
    await page.getByRole("heading", { name: "Waiting" }).waitFor({ state: "hidden" });
    await page.locator("#source-agent", { hasText: "Lavf" }).waitFor();
    await kickSource();
    await next.exited;
    await page.getByText("No source is connected.").waitFor();
    await page.locator("#log").getByText(`kicked by ${ADMIN.user}`).first().waitFor();
    await page.getByRole("cell", { name: "Playlist", exact: true }).waitFor();
    other[Symbol.dispose]();
    expect(complaints).toEqual([]);
  }, 120_000);

  test("finds and sorts listeners of all mounts, and shows the log as it is wanted", async () => {
    await using radio = await startRadio([{ music: MUSIC }, { path: "/jazz", music: MUSIC }]);
    const port = Number(new URL(radio.url).port);
    using _one = await Wire.listen(port, "/stream", "User-Agent: Zebra/1.0\r\n");
    using _two = await Wire.listen(port, "/stream", "User-Agent: Aardvark/1.0\r\n");
    using _three = await Wire.listen(port, "/jazz", "User-Agent: Moose/1.0\r\n");
    await using visited = await visitDesk(radio);
    const { page, complaints } = visited;
    await signIn(page);
    await page.locator("#listener-count", { hasText: "2 listeners, 1 unique" }).waitFor();
    const players = () => page.locator("#listener-rows .agent").allInnerTexts();
    const head = page.getByRole("columnheader", { name: "Player" });
    await head.getByRole("button").click();
    await until(
      "they are sorted",
      async () => (await players()).join() === "Aardvark/1.0,Zebra/1.0",
    );
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("checkbox", { name: "All mounts" }).check();
    await page.getByRole("cell", { name: "/jazz", exact: true }).waitFor();
    await head.getByRole("button").click();
    const falling = "Zebra/1.0,Moose/1.0,Aardvark/1.0";
    await until("they fall", async () => (await players()).join() === falling);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel(/Search listeners/).fill("/jazz");
    await until("one is found", async () => (await players()).join() === "Moose/1.0");
    // The row's own mount, not the chosen one.
    await page.getByRole("button", { name: /^Kick 127/ }).click();
    await page.getByText("No listener has these words.").waitFor();

    const lines = page.locator("#log li");
    await lines.getByText("kicked listener").first().waitFor();
    await page.locator("#log-level").selectOption("error");
    await until("nothing failed", async () => (await lines.count()) === 0);
    await page.locator("#log-level").selectOption("info");
    // A pause right behind the words waits for their lines.
    await page.getByLabel("Search the log").fill("KICKED");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await until("one line is left", async () => (await lines.count()) === 1);
    await page.getByLabel(/Search listeners/).fill("zebra");
    await until("one is found", async () => (await players()).join() === "Zebra/1.0");
    await page.getByRole("button", { name: /^Kick 127/ }).click();
    await page.getByRole("button", { name: "Resume (1 new)" }).click();
    await until("both are there", async () => (await lines.count()) === 2);
    const saved = await page.request.get(
      `${radio.url}/${await page.locator("#log-text").getAttribute("href")}`,
    );
    expect((await saved.text()).trim().split("\n")).toHaveLength(2);
    expect(complaints).toEqual([]);
  }, 120_000);

  test("keeps the password nowhere, and a wrong one out", async () => {
    await using radio = await startRadio();
    await using visited = await visitDesk(radio);
    const { page } = visited;
    await signIn(page, "a guess");
    await page.getByRole("alert").getByText("The user name or the password is wrong.").waitFor();
    await signIn(page);
    await page.getByRole("heading", { name: "Doctor" }).waitFor();
    expect(await page.evaluate("document.cookie")).toBe("");
    expect(await page.evaluate("JSON.stringify([localStorage, sessionStorage])")).toBe("[{},{}]");
    expect(await page.content()).not.toContain(ADMIN.password);
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    await page.reload();
    await page.getByRole("heading", { name: "Doctor" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  }, 120_000);

  test("says what to set where it is switched off", async () => {
    await using radio = await startRadio([{}], "");
    await using visited = await visitDesk(radio);
    await visited.page.getByRole("heading", { name: "The desk is switched off" }).waitFor();
    await visited.page.getByText("admin_password = ").waitFor();
    expect(await visited.page.getByLabel("Password").isVisible()).toBe(false);
    expect(visited.complaints).toEqual([]);
  }, 120_000);

  test.each([
    { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
    { viewport: { width: 360, height: 780 }, colorScheme: "dark" },
  ] as const)(
    "is for everybody to use, and keeps still: %j",
    async (look) => {
      const mounts = [{ music: MUSIC }, { path: "/jazz" }];
      await using radio = await startRadio(mounts, ADMIN.password, PUSH);
      using one = player(radio, "A Real Player/1.0");
      await using visited = await visitDesk(radio, look);
      const { page, complaints } = visited;
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      expect(await violations(page)).toEqual([]);
      await signIn(page);
      await page.getByRole("row", { name: /A Real Player/ }).waitFor();
      const push = page.getByRole("listitem").filter({ hasText: "icecast://127.0.0.1:1/live" });
      await push.getByText(/not connected for .*: it refuses connections/).waitFor();
      const relay = page.locator("#relay-list li", { hasText: "http://127.0.0.1:1/live" });
      await relay.getByText(/not connected for .*: it refuses connections/).waitFor();
      const shifts =
        "new Promise((resolve) => { let sum = 0; new PerformanceObserver((list) => " +
        "list.getEntries().forEach((entry) => (sum += entry.value))).observe({ type: 'layout-shift' }); " +
        "setTimeout(() => resolve(sum), 2500); })";
      expect(await page.evaluate(shifts)).toBeLessThan(0.01);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      expect(await page.evaluate("scrollY")).toBe(0);
      await page.getByRole("button", { name: "/jazz" }).click();
      await page.getByText("No listeners yet").waitFor();
      expect(complaints).toEqual([]);
      one[Symbol.dispose]();
    },
    120_000,
  );
});
