// One Chromium for the tests of the pages, and what a visit to one of them complains of.
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { requireProgram } from "../support/programs.ts";
import { until } from "../support/station.ts";
import { ADMIN } from "./radio.ts";

export const executablePath = requireProgram("chromium");

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required";

/** For a browser on a machine that does much else. */
const PATIENCE_MS = 60_000;

let launched: Promise<Browser> | null = null;

/** Launched again if it has ended: Bun ends the programs of a test that exceeds its limit, and the next attempt needs one. */
export async function browser(): Promise<Browser> {
  if (executablePath === null) throw new Error("there is no browser");
  const known = launched;
  const isUp = (await known?.catch(() => null))?.isConnected() === true;
  if (!isUp && launched === known)
    launched = chromium.launch({ executablePath, args: FLAGS.split(" ") });
  if (launched === null) throw new Error("the browser was closed");
  return launched;
}

export async function closeBrowser(): Promise<void> {
  const last = launched;
  launched = null;
  await (await last)?.close();
}

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings on its console, and requests to other hosts. */
  readonly complaints: readonly string[];
}

/** `url`: of the station, as the browser reaches it. `prepare` runs before anything is loaded. */
export async function visit(
  url: string,
  path = "/",
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<Visit> {
  const context = await (await browser()).newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await prepare(page);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith("data:")) complaints.push(`asked for ${asked}`);
  });
  await page.goto(url + path);
  const close = async () => {
    // A request that is being answered by the test would fail when its page is gone, and with it the next test.
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  };
  return { page, complaints, [Symbol.asyncDispose]: close };
}

export function playedSeconds(page: Page): Promise<number> {
  return page.evaluate("document.querySelector('audio')?.currentTime ?? 0");
}

/** Presses the one big button, and waits for sound. */
export async function listen(page: Page): Promise<void> {
  await page.locator("#play").click();
  await until("the stream is played", async () => (await playedSeconds(page)) > 0.3);
}

export function titleOf(page: Page): Promise<string> {
  return page.locator("#title").innerText();
}

/** At the desk. */
export async function signIn(page: Page, password: string = ADMIN.password): Promise<void> {
  await page.getByLabel("User name").fill(ADMIN.user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
