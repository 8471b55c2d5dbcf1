// The recorded past by HLS: playlists that end or grow, whose segments are what was heard.
import { describe, expect, test } from "bun:test";
import { isFurtherPart, readFileName } from "../../../src/http/hls/named-file.ts";
import { PastFiles } from "../../../src/http/hls/past-files.ts";
import { opened, read } from "../../hls/hls-rig.ts";
import { FRAME_MS, numbered, Studio } from "../../recording/studio.ts";

const START = "2026-11-29T10:20:00Z";
const START_MS = Date.parse(START);

/** A recorded mount, with what a player asks of its past. */
class Archive implements Disposable {
  readonly studio: Studio;
  readonly files: PastFiles;

  constructor(config: ConstructorParameters<typeof Studio>[0] = {}) {
    this.studio = new Studio(config, START);
    const wall = { nowMs: () => this.studio.wallMs };
    this.files = new PastFiles({ recordings: this.studio.recordings, wall });
  }

  /** Half a second at a time, as a playlist writes. */
  async play(seconds: number): Promise<void> {
    for (let i = 0; i < seconds * 2; i++) {
      this.studio.play(this.studio.playlist, 0, numbered(Math.round(500 / FRAME_MS)));
      if (i % 10 === 9) await this.studio.work();
    }
    await this.studio.work();
  }

  retitle(title: string): void {
    this.studio.playlist.metadata = { artist: "A Band", title };
    this.studio.mount.announce(this.studio.playlist);
  }

  async ask(query: string): Promise<Response> {
    const request = new Request("http://radio.example/stream/hls/past.m3u8");
    const { files, studio } = this;
    return files.playlist(request, studio.mount, new URLSearchParams(query));
  }

  async list(query: string) {
    const answer = await this.ask(query);
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return { text, ...read(text) };
  }

  async segment(name: string): Promise<Buffer> {
    const request = new Request("http://radio.example/x");
    const answer = await this.files.segment(request, this.studio.mount, name);
    return Buffer.from((await answer?.bytes()) ?? []);
  }

  /** All frames of these segments. */
  async audio(names: readonly string[]): Promise<Buffer> {
    const all: Buffer[] = [];
    for (const name of names) all.push(opened(await this.segment(name)).frames);
    return Buffer.concat(all);
  }

  [Symbol.dispose](): void {
    this.studio[Symbol.dispose]();
  }
}

function after(seconds: number): string {
  return new Date(START_MS + seconds * 1000).toISOString();
}

describe("a span that is over", () => {
  test("is a playlist that ends, of what was heard then, byte for byte", async () => {
    using archive = new Archive();
    await archive.play(400);
    const list = await archive.list(`from=${after(60)}&to=${after(180)}`);
    expect(list.text).toContain("#EXT-X-PLAYLIST-TYPE:VOD\n");
    expect(list.isEnded).toBe(true);
    expect(list.discontinuities).toBeNaN();
    const seconds = list.segments.reduce((sum, one) => sum + one.seconds, 0);
    expect(seconds).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeLessThan(145);
    expect(Math.abs((list.segments[0]?.dateMs ?? 0) - START_MS - 60_000)).toBeLessThan(11_000);
    for (const one of list.segments)
      expect(Math.round(one.seconds)).toBeLessThanOrEqual(list.target);
    const audio = await archive.audio(list.segments.map(({ name }) => name));
    const heard = Buffer.concat(archive.studio.heard);
    expect(heard.indexOf(audio)).toBeGreaterThan(0);
  });

  test("has timestamps that count the samples of its file", async () => {
    using archive = new Archive();
    await archive.play(200);
    const { segments } = await archive.list(`from=${after(0)}&to=${after(100)}`);
    let [seconds, first] = [0, Number.NaN];
    for (const one of segments) {
      const at = Number(opened(await archive.segment(one.name)).timestamp) / 90_000;
      first = Number.isNaN(first) ? at : first;
      expect(at - first).toBeCloseTo(seconds, 3);
      seconds += one.seconds;
    }
  });

  test("goes on over the files of two hours, behind a discontinuity", async () => {
    using archive = new Archive();
    archive.studio.wallMs = Date.parse("2026-11-29T10:58:00Z");
    await archive.play(360);
    const list = await archive.list("from=2026-11-29T10:58:30Z&to=2026-11-29T11:01:00Z");
    expect(list.text.match(/#EXT-X-DISCONTINUITY\n/g)?.length).toBe(1);
    const dates = list.segments.map(({ dateMs }) => dateMs);
    expect(dates).toEqual(dates.toSorted((a, b) => a - b));
    expect(new Set(list.segments.map(({ name }) => name.slice(0, 21))).size).toBe(2);
    const audio = await archive.audio(list.segments.map(({ name }) => name));
    expect(Buffer.concat(archive.studio.heard).indexOf(audio)).toBeGreaterThan(0);
  });

  test("names its titles with the time at which each began", async () => {
    using archive = new Archive();
    for (let i = 0; i < 10; i++) {
      archive.retitle(`Song ${i}`);
      await archive.play(30);
    }
    const { titles } = await archive.list(`from=${after(65)}&to=${after(135)}`);
    expect(titles.map((title) => title["X-TITLE"])).toEqual(["Song 2", "Song 3", "Song 4"]);
    for (const [i, title] of titles.entries()) {
      const ms = Date.parse(title["START-DATE"] ?? "") - START_MS;
      expect(Math.abs(ms - (i + 2) * 30_000)).toBeLessThan(1500);
    }
  });
});

test("each segment has the title that was on air where it begins, in its tag", async () => {
  using archive = new Archive({ split: "hour" });
  archive.studio.wallMs = Date.parse("2026-11-29T10:59:00Z");
  for (let i = 0; i < 4; i++) {
    archive.retitle(`Song ${i}`);
    await archive.play(30);
  }
  const list = await archive.list("from=2026-11-29T10:59:02Z");
  const titles: unknown[] = [];
  for (const { name } of list.segments)
    titles.push(/Song \d/.exec((await archive.segment(name)).toString("latin1"))?.[0]);
  const inTurn = titles.filter((title, i) => title !== titles[i - 1]);
  // The second half is in the file that grows.
  expect(inTurn).toEqual(["Song 0", "Song 1", "Song 2", "Song 3"]);
  // Each counts as a segment of its own, by which its listener is believed.
  expect(list.segments.filter(({ name }) => isFurtherPart(readFileName(name)))).toEqual([]);
});

describe("a span without an end", () => {
  test("is a playlist that grows and never changes what it had", async () => {
    using archive = new Archive();
    await archive.play(100);
    const query = `from=${after(20)}`;
    const before = await archive.list(query);
    expect(before.text).toContain("#EXT-X-PLAYLIST-TYPE:EVENT\n");
    expect(before.isEnded).toBe(false);
    await archive.play(100);
    const later = await archive.list(query);
    expect(later.segments.slice(0, before.segments.length)).toEqual([...before.segments]);
    expect(later.segments.length).toBeGreaterThan(before.segments.length + 5);
    expect(later.target).toBe(before.target);
    const audio = await archive.audio(later.segments.map(({ name }) => name));
    expect(Buffer.concat(archive.studio.heard).indexOf(audio)).toBeGreaterThan(0);
  });

  test("is told with its segments to whoever counts listeners, one that is over is not", async () => {
    using archive = new Archive();
    await archive.play(100);
    const told: number[][] = [];
    const listen = async (query: string) => {
      const { files, studio } = archive;
      const request = new Request("http://radio.example/stream/hls/past.m3u8");
      await files.playlist(request, studio.mount, new URLSearchParams(query), ({ listed }) =>
        told.push(listed.map(({ sequence, atMs }) => sequence + atMs)),
      );
    };
    await listen(`from=${after(20)}&to=${after(30)}`);
    await listen(`from=${after(20)}`);
    const { segments } = await archive.list(`from=${after(20)}`);
    expect(told.length).toBe(1);
    expect(told[0]?.map(Math.round)).toEqual(segments.map(({ dateMs }, i) => i + dateMs));
  });

  test("keeps its segments when the file that grew is complete", async () => {
    using archive = new Archive();
    archive.studio.wallMs = Date.parse("2026-11-29T10:58:00Z");
    await archive.play(60);
    const before = await archive.list("from=2026-11-29T10:58:10Z");
    await archive.play(180);
    const names = before.segments.map(({ name }) => name);
    const after = await archive.list("from=2026-11-29T10:58:10Z");
    expect(after.segments.slice(0, names.length).map(({ name }) => name)).toEqual(names);
    for (const name of names) expect((await archive.segment(name)).length).toBeGreaterThan(1000);
  });

  test("given in seconds back is led to the address with its date", async () => {
    using archive = new Archive();
    await archive.play(100);
    const answer = await archive.ask("from=-50&s=abc");
    expect(answer.status).toBe(302);
    const location = answer.headers.get("location") ?? "";
    const [path, query = ""] = location.split("?");
    expect(path).toBe("past.m3u8");
    const from = new URLSearchParams(query).get("from") ?? "";
    expect(Date.parse(from)).toBe(Math.floor(archive.studio.wallMs - 50_000));
    expect(new URLSearchParams(query).get("s")).toBe("abc");
    expect((await archive.list(query)).segments.length).toBeGreaterThan(3);
  });
});

describe("a question about the past", () => {
  test.each([
    ["", 400],
    ["from=yesterday", 400],
    [`from=${after(0)}&to=soon`, 400],
    [`from=${after(50)}&to=${after(40)}`, 400],
    [`from=${after(9000)}`, 400],
    ["from=2026-11-28T10:00:00Z", 400],
    ["from=2026-11-28T10:00:00Z&to=2026-11-28T11:00:00Z", 404],
  ])("%p is answered with %d", async (query, status) => {
    using archive = new Archive();
    await archive.play(60);
    expect((await archive.ask(query)).status).toBe(status);
  });

  test("about a disk that fails is answered, and the next one is asked again", async () => {
    using archive = new Archive({ split: "hour" });
    archive.studio.wallMs = Date.parse("2026-11-29T10:58:00Z");
    await archive.play(300);
    const query = "from=2026-11-29T10:58:10Z&to=2026-11-29T10:59:10Z";
    const { segments } = await archive.list(query);
    const [{ name } = { name: "" }] = segments;
    archive.studio.disk.failure = "EIO";
    const request = new Request("http://radio.example/x");
    expect((await archive.ask(query)).status).toBe(503);
    expect((await archive.files.segment(request, archive.studio.mount, name))?.status).toBe(503);
    archive.studio.disk.failure = null;
    expect((await archive.segment(name)).length).toBeGreaterThan(1000);
  });

  test("for a segment that nothing names is answered by none", async () => {
    using archive = new Archive();
    await archive.play(60);
    const [{ name } = { name: "" }] = (await archive.list(`from=${after(0)}`)).segments;
    const request = new Request("http://radio.example/x");
    const ask = (text: string) => archive.files.segment(request, archive.studio.mount, text);
    expect(ask(name.replace(/^past-./, "past-g"))).toBeNull();
    expect(ask(name.replace(".mp3", ".aac"))).toBeNull();
    expect(ask(name.replace(/-\d+-(\d+)\.mp3$/, "-9999999-$1.mp3"))).toBeNull();
    const beyond = name.replace(/^(past-\w+)-\d+/, "$1-900000000");
    expect((await ask(beyond))?.status).toBe(404);
  });
});
