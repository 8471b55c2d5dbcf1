// Plays a station by HLS with every player that there is: shows and tracks in turn, a title every ten seconds, a restart in the
// middle. Says of each player whether it stood still, what it said and when it ended; validates all playlists; compares
// decoded samples with those of the stream. Linux.
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeBrowser } from "../browser/browser.ts";
import { HLS_CACHE, startProxy } from "../dist/proxy-programs.ts";
import { pause } from "../soak/actors.ts";
import { portApart } from "../support/ports.ts";
import { scratch, until } from "../support/station.ts";
import { Inspector } from "./inspector.ts";
import { broadcast } from "./live-shows.ts";
import { type HeardMount, hlsOf, MOUNTS, OnAir } from "./on-air.ts";
import { judgeCache, probeAll } from "./probes.ts";
import { Player, type Role } from "./programs.ts";
import { StreamRecorder, judgeSamples } from "./recorders.ts";
import { type Finding, reportLines } from "./report.ts";
import {
  CODEC_NAMES,
  encode,
  encodeTracks,
  FIRST_OF_SHOWS,
  SHOW_SONGS,
  SONG_SECONDS,
  TRACK_NUMBERS,
} from "./songs.ts";
import { Tab } from "./tabs.ts";

const SHOW_SECONDS = SHOW_SONGS * SONG_SECONDS;
const TRACKS = 12;
const SETTLE_SECONDS = 30;

const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);

const showFile = (folder: string, codec: string, show: number) =>
  join(folder, `show-${codec}-${show}`);
const songsOf = (show: number) =>
  Array.from({ length: SHOW_SONGS }, (_, i) => FIRST_OF_SHOWS + show * SHOW_SONGS + i);

async function prepare(folder: string, shows: number): Promise<void> {
  for (const [i, codec] of CODEC_NAMES.entries()) {
    const tracks = join(folder, `tracks-${codec}`);
    await mkdir(tracks, { recursive: true });
    await encodeTracks(codec, tracks, i * TRACK_NUMBERS, TRACKS);
    for (let show = 0; show < shows; show++)
      await encode(codec, songsOf(show), showFile(folder, codec, show));
  }
}

/** Shows and tracks in turn, each as long as a show. */
async function presentShows(
  folder: string,
  { path, codec }: HeardMount,
  air: OnAir,
  end: AbortSignal,
): Promise<void> {
  for (let show = 0; !end.aborted; show++) {
    await pause(SHOW_SECONDS * 1000 - (show === 0 ? 20_000 : 0), end);
    const file = Bun.file(showFile(folder, codec, show));
    if (end.aborted || !(await file.exists())) return;
    const studio = { sourcePort: air.ports.source, url: air.url, path, codec };
    await broadcast(studio, songsOf(show), await file.bytes(), end);
  }
}

function rolesOf(direct: string, cached: string): Role[] {
  const behind = (kind: Role["kind"], codec: Role["codec"]): Role => ({
    ...{ kind, codec, isCached: true },
    url: hlsOf(cached, `/${codec}`),
  });
  const before = (kind: Role["kind"], codec: Role["codec"], path = `/${codec}`): Role => ({
    ...{ kind, codec, isCached: false },
    url: hlsOf(direct, path),
  });
  return [
    ...CODEC_NAMES.map((codec) => behind("ffmpeg", codec)),
    ...[
      behind("mpv", "mp3"),
      behind("mpv", "opus"),
      behind("vlc", "aac"),
      behind("gstreamer", "flac"),
    ],
    ...[
      before("gstreamer", "mp3", "/stream"),
      // VLC 3.0 plays fragments of Opus later and later, also those that ffmpeg cuts: its clock is late with each segment.
      before("vlc", "mp3", "/stream"),
    ],
  ];
}

const unfit = (who: string, error: unknown): Finding => ({
  ...{ who, what: "plays", figures: "" },
  fault: String(error),
});

/** The page, and hls.js alone; a fault for each that does not play. */
async function openTabs(direct: string, cached: string, found: Finding[]): Promise<Tab[]> {
  const tabs: Tab[] = [];
  const attempts = [
    () => Tab.page(direct, "page from the station"),
    () => Tab.alone(cached, "/opus/hls/index.m3u8", "hls.js behind the cache"),
  ];
  for (const attempt of attempts)
    await attempt().then(
      (tab) => tabs.push(tab),
      (error: unknown) => found.push(unfit("browser", error)),
    );
  return tabs;
}

const judgeTab = (tab: Tab): Promise<Finding[]> =>
  tab.judge().catch((error: unknown) => [unfit(tab.name, error)]);

interface Run {
  readonly folder: string;
  readonly seconds: number;
  /** Kinds of players; empty for all. */
  readonly only: readonly string[];
}

/** What it starts is ended with `open`. */
async function play(
  { folder, seconds, only }: Run,
  open: AsyncDisposableStack,
): Promise<Finding[]> {
  const shows = Math.ceil((seconds + SETTLE_SECONDS) / (2 * SHOW_SECONDS)) + 1;
  say(`encoding ${shows} shows of each codec`);
  await prepare(folder, shows);
  const air = open.use(new OnAir(folder, { source: portApart(), listen: portApart() }));
  await air.start();
  const ports = { listen: String(air.ports.listen), source: String(air.ports.source) };
  const front = open.use(await startProxy(HLS_CACHE, ports, folder));
  const end = new AbortController();
  open.defer(() => end.abort());
  const recorders = CODEC_NAMES.map((codec) => new StreamRecorder(air, codec, folder));
  const recording = recorders.map((recorder) => recorder.record(end.signal));
  const presenting = MOUNTS.map((mount) => presentShows(folder, mount, air, end.signal));
  const inspector = new Inspector(air);
  await until("all have three segments", () => haveBegun(front.url), 90);
  await inspector.open();
  const inspecting = inspector.inspect(end.signal);
  const found = await probeAll(front.url, "at the begin");
  say("the players begin");
  open.defer(closeBrowser);
  const isWanted = only.length === 0 || only.includes("browser");
  const tabs = isWanted ? await openTabs(air.url, front.url, found) : [];
  for (const tab of tabs) open.use(tab);
  const players: Player[] = [];
  const wanted = rolesOf(air.url, front.url).filter(
    ({ kind }) => only.length === 0 || only.includes(kind),
  );
  for (const role of wanted) {
    players.push(open.use(await Player.start(role, folder)));
    await Bun.sleep(300);
  }
  await Bun.sleep(seconds * 500);
  inspector.isAway = true;
  const awayMs = await air.restart();
  say(`restarted; connections were refused for ${awayMs.toFixed(0)} ms`);
  await until("all have a playlist again", () => haveBegun(air.url, 1));
  inspector.restarted();
  await Bun.sleep(seconds * 500);
  for (const tab of tabs) found.push(...(await judgeTab(tab)));
  for (const player of players) await player.stop();
  found.push(...(await probeAll(front.url, "at the end")));
  end.abort();
  await Promise.all([...recording, ...presenting, inspecting]);
  for (const player of players) found.push(...(await player.judge()));
  found.push(...(await inspector.judge()), await judgeCache(folder));
  for (const player of players)
    if (isComparable(player.role)) found.push(await judgeSamples(player, recorders));
  for (const player of players)
    say(`${player.name} showed ${[...player.titles].slice(0, 4).join(" | ") || "no title"}`);
  return found;
}

/** The same decoder for both, or a lossless codec. */
const isComparable = ({ kind, codec }: Role) =>
  kind === "ffmpeg" || (kind === "gstreamer" && codec === "flac");

async function haveBegun(url: string, segments = 4): Promise<boolean> {
  for (const { path, codec } of MOUNTS) {
    const index = await fetch(hlsOf(url, path)).catch(() => null);
    const text = (await index?.text()) ?? "";
    const uri = text.split("\n").find((line) => line.startsWith(`${codec}.m3u8`));
    if (uri === undefined) return false;
    const list = await fetch(new URL(uri, hlsOf(url, path))).catch(() => null);
    if (((await list?.text()) ?? "").split("#EXTINF").length <= segments) return false;
  }
  await Bun.sleep(200);
  return true;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "10" },
      folder: { type: "string" },
      only: { type: "string", default: "" },
    },
  });
  await using home = await scratch();
  const folder = values.folder ?? home.path;
  await mkdir(folder, { recursive: true });
  // VLC runs as another user.
  await chmod(folder, 0o755);
  const only = values.only.split(",").filter((kind) => kind !== "");
  await using open = new AsyncDisposableStack();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void open.disposeAsync().finally(() => process.exit(1)));
  const found = await play({ folder, seconds: Number(values.minutes) * 60, only }, open);
  await open.disposeAsync();
  for (const line of reportLines(found)) console.log(line);
  process.exit(found.every(({ fault }) => fault === null) ? 0 : 1);
}
