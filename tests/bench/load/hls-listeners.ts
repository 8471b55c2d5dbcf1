// Many HLS listeners as one program: each asks for its playlists and segments as players do. Writes a line of JSON per event.
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    listeners: { type: "string", default: "100" },
    seconds: { type: "string", default: "10" },
    /** Waits for each part, as players of LL-HLS do, instead of polling. */
    parts: { type: "boolean", default: false },
  },
});

/** What all listeners got since the begin. */
export interface HlsCounts {
  /** Answers of media playlists. */
  polls: number;
  /** Or parts. */
  segments: number;
  bytes: number;
  failed: number;
  /** Listeners that have got a segment. */
  heard: number;
}

const counts: HlsCounts = { polls: 0, segments: 0, bytes: 0, failed: 0, heard: 0 };

/** A first failure says more than a number. */
function failed(error: unknown): void {
  if (counts.failed++ === 0) console.error(`hls-listeners: ${String(error)}`);
}

async function got(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} was answered ${answer.status}`);
  return answer;
}

interface MediaList {
  readonly targetSeconds: number;
  readonly names: readonly string[];
}

function read(text: string): MediaList {
  const [, target = "6"] = /^#EXT-X-TARGETDURATION:(\d+)/m.exec(text) ?? [];
  const names = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return { targetSeconds: Number(target), names };
}

async function fetchSegments(names: readonly string[], base: string, seen: Set<string>) {
  // Players begin three segments before the end.
  const wanted = seen.size === 0 ? names.slice(-3) : names.filter((name) => !seen.has(name));
  for (const name of names) seen.add(name);
  for (const name of wanted) {
    const body = await (await got(new URL(name, base).href)).arrayBuffer();
    counts.bytes += body.byteLength;
    counts.segments++;
  }
  return wanted.length;
}

/** The newest part, and the query that waits for the next one. */
function readParts(text: string): { readonly part: string | null; readonly query: string } {
  const part = text.match(/(?<=^#EXT-X-PART:.*URI=")[^"]+/gm)?.at(-1) ?? null;
  const [, number, index] = /^#EXT-X-PRELOAD-HINT:.*-(\d+)-(\d+)\.\w+"/m.exec(text) ?? [];
  if (number === undefined) throw new Error("the playlist has no parts");
  return { part, query: `_HLS_msn=${number}&_HLS_part=${index}` };
}

async function listenByParts(media: string, end: number): Promise<void> {
  let [url, last] = [media, ""];
  while (performance.now() < end) {
    const { part, query } = readParts(await (await got(url)).text());
    counts.polls++;
    url = `${media}${media.includes("?") ? "&" : "?"}${query}`;
    if (part === null || part === last) continue;
    const body = await (await got(new URL(part, media).href)).arrayBuffer();
    counts.bytes += body.byteLength;
    counts.segments++;
    if (last === "") counts.heard++;
    last = part;
  }
}

async function listen(index: string, begin: number, end: number): Promise<void> {
  await Bun.sleep(begin);
  const { names } = read(await (await got(index)).text());
  const media = new URL(names[0] ?? "", index).href;
  if (values.parts) return listenByParts(media, end);
  const seen = new Set<string>();
  while (performance.now() < end) {
    const isFirst = seen.size === 0;
    const list = read(await (await got(media)).text());
    counts.polls++;
    const isNew = (await fetchSegments(list.names, media, seen)) > 0;
    if (isFirst) counts.heard++;
    await Bun.sleep(list.targetSeconds * (isNew ? 1000 : 500));
  }
}

function report(event: string): void {
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  console.log(JSON.stringify({ event, ...counts, cpuSeconds }));
}

/** Everybody comes within this time. */
const RAMP_MS = 2000;

if (import.meta.main) {
  const [count, seconds] = [Number(values.listeners), Number(values.seconds)];
  const end = performance.now() + RAMP_MS + seconds * 1000;
  const all = Array.from({ length: count }, (_, i) =>
    listen(values.url ?? "", (i / count) * RAMP_MS, end).catch(failed),
  );
  setTimeout(() => report("window"), RAMP_MS);
  setTimeout(() => report("end"), RAMP_MS + seconds * 1000);
  await Promise.all(all);
  report("report");
}
