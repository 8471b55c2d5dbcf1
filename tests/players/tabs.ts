// hls.js in Chromium: the station's page, and hls.js with nothing around it.
import type { Page } from "playwright-core";
import { EAR } from "../browser/ear.ts";
import { playedSeconds, type Visit, visit } from "../browser/browser.ts";
import { until } from "../support/station.ts";
import { fellBehind, type Mark, titleDelays, type Turn } from "./progress.ts";
import type { Finding } from "./programs.ts";
import { toneIn, TONES } from "./songs.ts";

/** Titles of a page may be so far from their sound. */
const TITLE_MS = 1000;

/** Where the sound of a title is looked for. */
const AROUND_MS = 5000;

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

const HLS_ALONE = (src: string) => `(async () => {
  const { default: Hls } = await import("/assets/hls.js");
  const audio = document.createElement("audio");
  document.querySelector("audio")?.remove();
  document.body.prepend(audio);
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
    await until("the page plays", async () => (await playedSeconds(visited.page)) > 0.3, 60);
    return new Tab(name, visited, true);
  }

  static async alone(url: string, src: string, name: string): Promise<Tab> {
    const visited = await visit(url, "/");
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
        name: `${this.name}: never stands still`,
        fault: behind > 1 || waits.length > 0 ? `waiting at ${waits.join(", ")}` : null,
        figures: `most behind ${behind.toFixed(2)} s of ${(heard.marks.at(-1)?.seconds ?? 0).toFixed(0)} s`,
      },
      {
        name: `${this.name}: has nothing to say`,
        fault: said.slice(0, 8).join("\n    ") || null,
        figures: `${complaints.length + failures.length} lines, ${said.length} unusual`,
      },
    ];
    return this.isPage ? [...found, this.#judgeTitles(heard)] : found;
  }

  #judgeTitles({ titles, tones, marks }: Heard): Finding {
    const first = (marks[0]?.atMs ?? 0) + START_MS;
    const last = (marks.at(-1)?.atMs ?? 0) - AROUND_MS;
    const turns = titles.flatMap(({ atMs, title }) => {
      const tone = toneIn(title);
      return tone === null || atMs < first || atMs > last ? [] : [{ atMs, tone }];
    });
    const delays = titleDelays(turns, tones, AROUND_MS);
    const bad = delays.flatMap((delay, i) => {
      const isGood = delay !== null && Math.abs(delay) <= TITLE_MS;
      const at = ((turns[i]?.atMs ?? 0) - first) / 1000;
      return isGood
        ? []
        : [
            `${turns[i]?.tone} Hz at ${at.toFixed(1)} s: ${delay === null ? "not heard" : `${delay?.toFixed(0)} ms`}`,
          ];
    });
    const known = delays.flatMap((delay) => (delay === null ? [] : Math.abs(delay)));
    return {
      name: `${this.name}: titles within 1 s of the sound`,
      fault: turns.length === 0 ? "no title" : bad.join(", ") || null,
      figures: `${turns.length} titles, ${tones.length} tones, at most ${Math.max(0, ...known).toFixed(0)} ms apart`,
    };
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
