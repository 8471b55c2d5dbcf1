// One Chromium for the tests of the pages, the stations they look at, and what a visit to one complains of.
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type TestMount, testConfig } from "../support/config.ts";
import { requireProgram } from "../support/programs.ts";
import { startStation, until } from "../support/station.ts";

export const executablePath = requireProgram("chromium");

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required";

let launched: Promise<Browser> | null = null;

export function browser(): Promise<Browser> {
  if (executablePath === null) throw new Error("there is no browser");
  launched ??= chromium.launch({ executablePath, args: FLAGS.split(" ") });
  return launched;
}

export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
  launched = null;
}

/** A station as its visitors and sources know it: by its ports alone. */
export interface Radio extends AsyncDisposable {
  /** Of the listen port, without a slash at the end. */
  readonly url: string;
  readonly sourcePort: number;
}

/** The one way in which these tests start a station. */
export function startRadio(mounts: readonly [TestMount, ...TestMount[]] = [{}]): Promise<Radio> {
  return startStation(testConfig(mounts));
}

export interface MountStatus {
  readonly source_status: string;
  readonly listeners: number;
  readonly format: { readonly codec: string } | null;
  readonly artwork_url: string | null;
}

/** Of the first mount at the top, then of every mount. */
export interface StationStatus extends MountStatus {
  readonly mounts: readonly { readonly timeline: { readonly head_seconds: number } }[];
}

/** What the API says. */
export async function statusOf(radio: Radio): Promise<StationStatus> {
  return (await fetch(`${radio.url}/api/status`)).json() as Promise<StationStatus>;
}

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors on its console, and requests to other hosts. */
  readonly complaints: readonly string[];
}

/** `url`: of the station, as the browser reaches it. */
export async function visit(
  url: string,
  path = "/",
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await (await browser()).newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith("data:")) complaints.push(`asked for ${asked}`);
  });
  await page.goto(url + path);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

export function playedSeconds(page: Page): Promise<number> {
  return page.evaluate("document.querySelector('audio')?.currentTime ?? 0");
}

/** Presses the one big button, and waits for sound. */
export async function listen(page: Page): Promise<void> {
  await page.locator("#play").click();
  await until("the stream is played", async () => (await playedSeconds(page)) > 0.3, 15);
}

export function titleOf(page: Page): Promise<string> {
  return page.locator("#title").innerText();
}
