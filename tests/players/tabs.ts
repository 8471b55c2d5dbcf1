// hls.js in Chromium: the station's page, and hls.js with nothing around it.
import type { Page } from "playwright-core";
import { EAR } from "../browser/ear.ts";
import { playedSeconds, type Visit, visit } from "../browser/browser.ts";
import { until } from "../support/station.ts";
import { fellBehind, type Mark, type Turn } from "./progress.ts";
import type { Finding } from "./report.ts";
import { toneIn, TONES } from "./songs.ts";
import { judgeTitles, TITLE_MS } from "./titles.ts";

/** Notes each tone and each title from its first moment on, what was played each second, and when the sound stopped. */
const NOTE = `${EAR};
  window.heard = { tones: [], titles: [], marks: [], waits: [], errors: [] };
  const [audio, shown] = [document.querySelector("audio"), document.querySelector("#title")];
  let last = 0, same = 0, since = 0;
  setInterval(() => {
    const atMs = performance.now();
    const levels = ${JSON.stringify(TONES)}.map((tone) => [level(tone), tone]).sort(([a], [b]) => b - a);
    const [[loudest, tone], [second]] = levels;
    const isTone = loudest > 100 && loudest > second + 25;
    if (!isTone || tone === last) same = 0;
    else if (same !== tone) [same, since] = [tone, atMs];
    else { last = tone; heard.tones.push({ atMs: since, tone }); }
  }, 30);
  const noteTitle = () => heard.titles.push({ atMs: performance.now(), title: shown?.textContent ?? "" });
  if (shown) new MutationObserver(noteTitle).observe(shown, { childList: true, characterData: true, subtree: true });
  setInterval(() => heard.marks.push({ atMs: performance.now(), seconds: audio.currentTime }), 250);
  audio.addEventListener("waiting", () => heard.waits.push(performance.now()));`;

const ALONE = `<!doctype html><link rel="icon" href="data:,"><audio></audio>`;

const HLS_ALONE = (src: string) => `(async () => {
  const { default: Hls } = await import("/assets/hls.js");
  const audio = document.querySelector("audio");
  window.alone = new Hls({
    ...{ enableWorker: false, enableDateRangeMetadataCues: false },
    ...{ enableID3MetadataCues: false, enableEmsgMetadataCues: false },
  });
  window.failures = [];
  alone.on("hlsError", (_, { details, fatal, response }) =>
    failures.push([Math.round(performance.now()), details, fatal, response?.code].join(" ")));
  alone.loadSource(${JSON.stringify(src)});
  alone.attachMedia(audio);
  await audio.play();
})()`;

interface Heard {
  readonly tones: readonly Turn[];
  readonly titles: readonly { readonly atMs: number; readonly title: string }[];
  readonly marks: readonly Mark[];
  readonly waits: readonly number[];
}

export class Tab implements AsyncDisposable {
  private constructor(
    readonly name: string,
    private readonly visited: Visit,
    private readonly isPage: boolean,
  ) {}

  /** The page, as it plays by HLS. */
  static async page(url: string, name: string): Promise<Tab> {
    const visited = await visit(url, "/?hls=1");
    await visited.page.evaluate(NOTE);
    await visited.page.locator("#play").click();
    await until("the page plays", async () => (await playedSeconds(visited.page)) > 0.3);
    return new Tab(name, visited, true);
  }

  /** On a page that asks the server for nothing else. */
  static async alone(url: string, src: string, name: string): Promise<Tab> {
    const visited = await visit(url, "/alone", {}, async (page) => {
      const answer = { contentType: "text/html", body: ALONE };
      await page.route(`${url}/alone`, (route) => route.fulfill(answer));
    });
    await visited.page.evaluate(HLS_ALONE(src));
    await visited.page.evaluate(NOTE);
    return new Tab(name, visited, false);
  }

  async judge(): Promise<Finding[]> {
    const { page, complaints } = this.visited;
    const heard = await page.evaluate<Heard>("heard");
    const failures = this.isPage ? [] : await page.evaluate<string[]>("failures");
    const said = [...complaints, ...failures].filter((line) => !USUAL.test(line));
    const behind = fellBehind(heard.marks);
    // The first is the start itself.
    const waits = heard.waits.filter((atMs) => atMs > (heard.marks[0]?.atMs ?? 0) + START_MS);
    const found = [
      {
        who: this.name,
        what: "never stands still",
        fault: behind.seconds > 1 || waits.length > 0 ? `waiting at ${waits.join(", ")}` : null,
        figures: `most behind ${behind.seconds.toFixed(2)} s of ${(heard.marks.at(-1)?.seconds ?? 0).toFixed(0)} s`,
      },
      {
        who: this.name,
        what: "has nothing to say",
        fault: said.join("\n") || null,
        figures: `${complaints.length + failures.length} lines, ${said.length} unusual`,
      },
    ];
    return this.isPage ? [...found, this.#judgeTitles(heard)] : found;
  }

  #judgeTitles({ titles, tones, marks }: Heard): Finding {
    const first = (marks[0]?.atMs ?? 0) + START_MS;
    const last = (marks.at(-1)?.atMs ?? 0) - TITLE_MS;
    const turns = titles.flatMap(({ atMs, title }) => {
      const tone = toneIn(title);
      return tone === null ? [] : [{ atMs, tone }];
    });
    const judged = judgeTitles(turns, tones, [first, last]);
    return { who: this.name, what: "titles within 1 s of the sound", ...judged };
  }

  get page(): Page {
    return this.visited.page;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.visited[Symbol.asyncDispose]()).catch(() => undefined);
  }
}

/** What the browser itself says while the station restarts: the page asks again. */
const USUAL = /ERR_CONNECTION_REFUSED/;

/** The begin may be bumpy. */
const START_MS = 8000;
