// A made-up history of some days, written as a station writes it, for the desk to show.
import { joined, keep, left, MOUNT, title } from "../history/days.ts";

const DAY_MS = 24 * 3_600_000;
const TRACK_SECONDS = 210;
const STEP_SECONDS = 30;

const TRACKS = [
  ["Mira Lund", "Salt and Lanterns"],
  ["The Quiet Tide", "Ferry Home"],
  ["Odile Marsh", "Letters from the Pier"],
  ["Nordlicht", "Kaltes Klares Wasser an einem sehr langen Sommerabend am Meer"],
  ["مجموعة", "أغنية"],
] as const;

const PLAYERS = [
  "VLC/3.0.21 LibVLC/3.0.21",
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Sonos/83.1 (ZPS27)",
  "AppleCoreMedia/1.0.0 (iPhone)",
  "mpv 0.40.0",
  "curl/8.5.0",
  "Icecast 2.4.4",
];

/** How many listen, by the hour of the day. */
function crowd(ms: number): number {
  const hour = new Date(ms).getHours() + new Date(ms).getMinutes() / 60;
  return Math.round(14 + 12 * Math.sin(((hour - 10) / 24) * 2 * Math.PI));
}

/** Until `endMs`. */
export async function makeUpHistory(directory: string, endMs: number, days: number): Promise<void> {
  const beginMs = endMs - days * DAY_MS;
  const kept = keep(directory, beginMs);
  const present: [number: number, from: number, who: object][] = [];
  let number = 0;
  const seconds = days * DAY_MS * 0.001;
  for (let at = 0; at < seconds; at += STEP_SECONDS) {
    const nowMs = beginMs + at * 1000;
    kept.nowMs = nowMs;
    if (at % TRACK_SECONDS === 0) {
      const [artist, name] = TRACKS[(at / TRACK_SECONDS) % TRACKS.length] ?? ["", ""];
      kept.journal.add(title(at, nowMs, { artist, title: name }));
    }
    while (present.length < crowd(nowMs)) {
      const userAgent = PLAYERS[number % PLAYERS.length] ?? "";
      const who = { address: `192.0.2.${number % 200}`, userAgent };
      kept.journal.add(joined(++number, at, nowMs, who));
      present.push([number, at, who]);
    }
    const goes = present.splice(
      (number * 7) % present.length,
      (at / STEP_SECONDS) % 3 === 0 ? 1 : 0,
    );
    for (const [gone, , who] of goes) kept.journal.add(left(gone, at, nowMs, who));
    if (at % 3600 === 0) await kept.store.played(MOUNT, 0, 1);
  }
  kept.nowMs = endMs;
  for (const [gone, , who] of present) kept.journal.add(left(gone, seconds, endMs, who));
  kept.journal.add({ type: "end", mount: MOUNT, atMs: endMs, position: seconds });
  await kept.store.close();
}
