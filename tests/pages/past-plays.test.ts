// What a mount has played, put together from what the page has seen and from the station's history: each play once.
import { afterEach, expect, spyOn, test } from "bun:test";
import { join } from "node:path";

interface Airing {
  readonly fromSeconds: number;
  readonly title: string;
}

interface Timeline {
  readonly headSeconds: number;
  readonly burstSeconds: number;
  readonly receivedMs: number;
  readonly airings: readonly Airing[];
}

interface Past {
  readonly plays: readonly { readonly airing: Airing; readonly atMs: number }[];
  readonly hasMore: boolean;
  readonly isFailed: boolean;
  note(timeline: Timeline, current: Airing, heard: string): void;
  load(): Promise<void>;
}

const PUBLIC = join(import.meta.dir, "..", "..", "public");
const { Past } = (await import(join(PUBLIC, "past-plays.js"))) as {
  readonly Past: new (mount: string) => Past;
};

const TITLES = ["A", "B", "C", "D"];
const STEP_SECONDS = 200;

/** Titles of STEP_SECONDS each, the last of which has been heard for half of that. */
function timelineOf(titles: readonly string[]): Timeline {
  const airings = titles.map((title, at) => ({ fromSeconds: at * STEP_SECONDS, title }));
  const headSeconds = (titles.length - 0.5) * STEP_SECONDS + 5;
  return { headSeconds, burstSeconds: 5, receivedMs: performance.now(), airings };
}

/** The station's history: `titles` from the newest on, the first of which is heard now. Its clock is `aheadMs` ahead. */
function answer(titles: readonly string[], aheadMs: number, next_before: string | null = null) {
  const nowMs = Date.now() + aheadMs;
  const plays = titles.map((title, at) => {
    const started_at = new Date(nowMs - (at + 0.5) * STEP_SECONDS * 1000).toISOString();
    return { title, source_status: "playlist", started_at, ended_at: at === 0 ? null : started_at };
  });
  const headers = { date: new Date(nowMs).toUTCString() };
  return new Response(JSON.stringify({ plays, next_before }), { headers });
}

const titlesOf = ({ plays }: Past) => plays.map(({ airing }) => airing.title).join("");

function withTimeline(): Past {
  const past = new Past("/stream");
  const timeline = timelineOf(TITLES);
  past.note(timeline, timeline.airings[3] ?? { fromSeconds: 0, title: "" }, "/stream");
  return past;
}

let fetched = spyOn(globalThis, "fetch");
let said = spyOn(console, "info");
afterEach(() => {
  fetched.mockRestore();
  said.mockRestore();
});

function answering(...answers: readonly Response[]): string[] {
  const asked: string[] = [];
  const rest = [...answers];
  fetched = spyOn(globalThis, "fetch").mockImplementation(((address: string) => {
    asked.push(address);
    return Promise.resolve(rest.shift() ?? new Response("", { status: 503 }));
  }) as never);
  return asked;
}

test("what was seen comes first, the newest at the top, without what is heard", () => {
  expect(titlesOf(withTimeline())).toBe("CBA");
});

test.each([0, 3_600_000, -86_400_000])(
  "the history goes on where that ends, by a clock that is %d ms ahead",
  async (aheadMs) => {
    answering(answer(["D", "C", "B", "A", "Z", "Y"], aheadMs));
    const past = withTimeline();
    await past.load();
    expect(titlesOf(past)).toBe("CBAZY");
    const times = past.plays.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(Math.abs((times[3] ?? 0) - (Date.now() - 4.5 * STEP_SECONDS * 1000))).toBeLessThan(5000);
    expect(past.hasMore).toBe(false);
  },
);

test("a page more follows the page before, and none after the last", async () => {
  const asked = answering(answer(["D", "C"], 0, "1000"), answer(["D", "C", "B", "A", "Z"], 0));
  const past = withTimeline();
  await past.load();
  expect(past.hasMore).toBe(true);
  await past.load();
  expect(asked.map((address) => address.split("&before=")[1])).toEqual([undefined, "1000"]);
  expect(titlesOf(past)).toBe("CBAZ");
});

test("a listener who has gone back is not shown what comes", () => {
  const past = withTimeline();
  const timeline = timelineOf(TITLES);
  past.note(timeline, timeline.airings[1] ?? { fromSeconds: 0, title: "" }, "/stream");
  expect(titlesOf(past)).toBe("A");
});

test("a station that starts again counts from zero, and what it played before stays", () => {
  const past = withTimeline();
  const again = timelineOf(["E", "F"]);
  past.note(again, again.airings[1] ?? { fromSeconds: 0, title: "" }, "/stream");
  expect(titlesOf(past)).toBe("ECBA");
});

test("a history that is not to be had leaves what was seen", async () => {
  said = spyOn(console, "info").mockReturnValue();
  answering();
  const past = withTimeline();
  await past.load();
  expect([titlesOf(past), past.isFailed, past.hasMore]).toEqual(["CBA", true, true]);
});
