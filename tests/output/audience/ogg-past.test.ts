// The recorded past of an Ogg stream: its pages as they were heard, behind the headers that a decoder needs.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFrames } from "../../../src/format/frame-slice.ts";
import type { Frames, StreamFormat } from "../../../src/format/frame.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import { oggFieldsOf, oggPageLength, parseOggPage } from "../../../src/format/ogg/ogg-page.ts";
import {
  flacBlock,
  flacHead,
  flacPacket,
  oggChain,
  comments,
  opusHead,
  opusPacket,
  opusTags,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../../format/ogg-builder.ts";
import { Dj } from "../../recording/studio.ts";
import { FakeSink } from "../fake-sink.ts";
import { PastStudio } from "../past-studio.ts";

/** Of a last page without audio. */
const LAST_PAGE_BYTES = 27;

const START = "2026-11-29T10:58:30Z";

interface Source {
  readonly format: StreamFormat;
  readonly headers: readonly Uint8Array[];
  /** About a second of packets, different for each number. */
  page(number: number): { packets: Uint8Array[]; samples: number };
}

const SOURCES: Record<string, Source> = {
  opus: {
    format: { codec: "opus", sampleRate: 48_000, channels: 2 },
    headers: [opusHead(), opusTags(["TITLE=First"])],
    page: (number) => ({
      packets: Array.from({ length: 50 }, (_, at) => opusPacket(40, number * 50 + at)),
      samples: 48_000,
    }),
  },
  vorbis: {
    format: { codec: "vorbis", sampleRate: 44_100, channels: 2 },
    headers: [vorbisId(), vorbisComments(["TITLE=First"]), vorbisSetup(3000)],
    page: (number) => ({
      packets: Array.from({ length: 43 }, (_, at) => {
        const packet = opusPacket(60, number * 43 + at);
        packet[0] = 0;
        return packet;
      }),
      samples: 43 * 1024,
    }),
  },
  flac: {
    format: { codec: "flac", sampleRate: 44_100, channels: 2, bitsPerSample: 16 },
    headers: [flacHead(), flacBlock(4, comments(["TITLE=First"]), true)],
    page: (number) => ({
      packets: Array.from({ length: 10 }, (_, at) => {
        const packet = flacPacket(700);
        packet.set(opusPacket(600, number * 10 + at), 60);
        return packet;
      }),
      samples: 46_080,
    }),
  },
};

let chains = 0;

/** One connection of a source: a chain of its own, page by page. */
class Connection {
  readonly parser = createOggParser();
  readonly #pages: Uint8Array[];
  #at = 0;

  constructor(source: Source, count: number) {
    const pages = Array.from({ length: count }, (_, at) => source.page(chains * 1000 + at));
    let sum = 0;
    const granules = pages.map(({ samples }) => (sum += samples));
    const packets = pages.map((page) => page.packets);
    const { headers } = source;
    this.#pages = oggChain({ headers, pages: packets, granules, serial: ++chains, hasEnd: false });
    for (let at = 0; at < headers.length; at++) this.#merge();
  }

  #merge(): void {
    const [first, second, ...rest] = this.#pages;
    this.#pages.splice(0, this.#pages.length, Buffer.concat([first!, second!]), ...rest);
  }

  /** The next page. */
  next(): Frames[] {
    return this.#read(this.#pages[this.#at++]!);
  }

  end(): Frames[] {
    return [copyFrames(this.parser.end())].filter(({ count }) => count > 0);
  }

  #read(bytes: Uint8Array): Frames[] {
    const all: Frames[] = [];
    for (let frames = this.parser.push(bytes); frames.count > 0; frames = this.parser.next())
      all.push(copyFrames(frames));
    return all;
  }
}

interface Page {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly serial: number;
  readonly sequence: number;
  readonly granule: number;
}

function pagesIn(bytes: Uint8Array): Page[] {
  const pages: Page[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = oggPageLength(bytes, at) ?? 0;
    if (length === 0 || at + length > bytes.length) throw new Error(`no page at ${at}`);
    const page = bytes.subarray(at, at + length);
    expect(parseOggPage(page)).not.toBeNull();
    pages.push(oggFieldsOf(page));
    at += length;
  }
  return pages;
}

/** Chains in order, each with its serial, and its page numbers without a gap. */
function chainsIn(bytes: Uint8Array): Page[][] {
  const found: Page[][] = [];
  for (const page of pagesIn(bytes)) {
    if ((page.flags & 2) !== 0) found.push([]);
    found.at(-1)!.push(page);
  }
  for (const [at, chain] of found.entries()) {
    const [first] = chain;
    expect(chain.every(({ serial }) => serial === first!.serial)).toBe(true);
    expect(found[at + 1]?.[0]?.serial).not.toBe(first!.serial);
  }
  return found;
}

/** Each header has a page of its own. */
function headerBytes(bytes: Uint8Array): number {
  const pages = pagesIn(bytes).slice(0, headerPages);
  return pages.reduce((sum, page) => sum + page.bytes.length, 0);
}

async function send(connection: Connection, pages: number): Promise<void> {
  for (let at = 0; at < pages; at++) await studio.send(connection.next());
}

let studio: PastStudio;
let headerPages = 0;

describe.each(Object.keys(SOURCES))("a listener of the past of a mount in %s", (codec) => {
  const source = SOURCES[codec]!;

  beforeEach(() => {
    headerPages = source.headers.length;
    studio = new PastStudio(source.format, START, 20);
  });

  afterEach(() => studio[Symbol.dispose]());

  test("hears page after page through an hour's cut, a title, a gap and into the ring", async () => {
    const first = new Connection(source, 130);
    await send(first, 60);
    const sink = new FakeSink();
    const { recordedMs } = studio.at(50);
    expect(recordedMs).toBe(studio.wallMs - 50_000);
    studio.join(studio.at(50), sink);
    await send(first, 40); // over the full hour
    first.parser.retitle?.({ artist: "", title: "Second" });
    await send(first, 20);
    for (const frames of first.end()) studio.play(studio.dj, 0, frames);
    studio.pass(5);
    const second = new Connection(source, 120);
    await send(second, 60);
    expect(studio.audience.counts.inPast).toBe(1);
    studio.widen();
    await send(second, 20);
    expect(studio.audience.counts.inPast).toBe(0);
    await send(second, 20);
    expect(studio.shelf.takes).toHaveLength(1);
    const lead = headerBytes(sink.bytes);
    const heard = sink.bytes.subarray(lead);
    const at = studio.ring.indexOf(heard.subarray(0, 400));
    expect(studio.ring.subarray(at, at + heard.length).equals(heard)).toBe(true);
    expect(heard.length).toBeGreaterThan(100 * 2000);
    const chains = chainsIn(sink.bytes);
    expect(chains).toHaveLength(3);
    expect(sink.bytes.subarray(0, lead).includes("TITLE=First")).toBe(true);
    expect(studio.files.length).toBe(1);
  });

  test("goes on behind any byte that it received, headers and the cut between files included", async () => {
    const connection = new Connection(source, 130);
    await send(connection, 100);
    connection.parser.retitle?.({ artist: "", title: "Second" });
    await send(connection, 20);
    const sink = new FakeSink();
    const ticket = studio.at(45); // before the full hour, which was half a minute ago
    studio.join(ticket, sink);
    for (let second = 0; second < 35; second++) {
      studio.pass(1);
      await studio.round();
    }
    const whole = sink.bytes;
    const places = pagesIn(whole).map(({ bytes }) => bytes.byteOffset - whole.byteOffset);
    const lead = headerBytes(whole);
    const counts = [0, 10, lead, lead + 1, whole.length - 3];
    const near = places.slice(10, 30); // the cut and the title
    for (const place of near) counts.push(place, place + 30);
    for (const bytes of counts) {
      const next = await resumed(ticket.token, bytes);
      expectRest(whole, next.cut, next.sink, bytes);
      if (bytes % 3 !== 0) continue;
      // And on from there, by its own token.
      const first = headerBytes(next.sink.bytes);
      const again = await resumed(next.token, first + 1500);
      const base = whole.indexOf(next.sink.bytes.subarray(first, first + 60));
      expectRest(whole, base + again.cut - first, again.sink, bytes);
    }
  });

  async function resumed(token: string, bytes: number) {
    const ticket = await studio.resume(token, bytes);
    const { resumedBytes } = ticket;
    if (resumedBytes === null) throw new Error(`nothing behind ${bytes} bytes`);
    expect(resumedBytes).toBeWithin(Math.max(0, bytes - 10_000), bytes + 1);
    const sink = new FakeSink();
    const listener = studio.join(ticket, sink);
    for (let part = 0; part < 8 && sink.bytes.length < 8000; part++) await studio.round();
    studio.audience.leave(listener, "test");
    return { cut: resumedBytes, sink, token: ticket.token };
  }

  /** Behind headers of its own it has what the first stream had from there on. */
  function expectRest(whole: Buffer, from: number, { bytes }: FakeSink, said: number): void {
    const isSame = (at: number, heard: Buffer) => {
      const expected = whole.subarray(at, at + heard.length);
      return expected.length > 0 && heard.subarray(0, expected.length).equals(expected);
    };
    const pages = bytes.subarray(headerBytes(bytes));
    const isContinued = isSame(Math.max(from, headerBytes(whole)), pages);
    // A chain that begins there needs its headers once, and what ended the one before is not needed.
    const isBegun = [0, LAST_PAGE_BYTES].some((skipped) => isSame(from + skipped, bytes));
    expect(isContinued || isBegun, `${said} -> ${from}`).toBe(true);
  }

  test("hears the end of a chain, and new headers, before a file that does not follow on", async () => {
    await send(new Connection(source, 30), 30);
    studio.mount.detach(studio.dj, studio.nowMs);
    studio.pass(70);
    await studio.work(); // its file is over
    await studio.work();
    studio.attach(new Dj("Late Show", "otto"), "Second");
    await send(new Connection(source, 60), 60);
    const sink = new FakeSink();
    const ticket = studio.at(145);
    studio.join(ticket, sink);
    for (let second = 0; second < 70; second++) {
      studio.pass(1);
      await studio.round();
    }
    const chains = chainsIn(sink.bytes);
    expect(chains.map((chain) => (chain.at(-1)!.flags & 4) !== 0)).toEqual([true, false]);
    const titles = ["TITLE=First", "TITLE=Second"];
    for (const [at, chain] of chains.entries()) {
      const bytes = Buffer.concat(chain.map((page) => page.bytes));
      expect(titles.map((title) => bytes.includes(title))).toEqual([at === 0, at === 1]);
      const audio = Buffer.concat(
        chain.filter(({ granule, flags }) => granule > 0 && flags === 0).map((page) => page.bytes),
      );
      expect(studio.ring.includes(audio)).toBe(true);
    }
    const second = sink.bytes.lastIndexOf(Buffer.from(chains[1]![0]!.bytes));
    for (const bytes of [second - 40, second - 27, second - 1, second, second + 20]) {
      const next = await resumed(ticket.token, bytes);
      expectRest(sink.bytes, next.cut, next.sink, bytes);
    }
  });

  test("loses nothing by a damaged recording whose audio the ring still holds", async () => {
    const connection = new Connection(source, 130);
    await send(connection, 60);
    const damaged = studio.disk.usedBytes >> 1;
    for (const { bytes } of studio.disk.files.values()) bytes.fill(0, damaged, damaged + 20_000);
    const sink = new FakeSink();
    studio.join(studio.at(55), sink);
    await send(connection, 50);
    expect([studio.audience.counts.inPast, studio.audience.count]).toEqual([0, 1]);
    const heard = sink.bytes.subarray(headerBytes(sink.bytes));
    const at = studio.ring.indexOf(heard.subarray(0, 400));
    expect(studio.ring.subarray(at, at + heard.length).equals(heard)).toBe(true);
    expect(pagesIn(heard).length).toBeWithin(45, 55);
  });

  test("hears the oldest audio that is held when its recording was deleted", async () => {
    const connection = new Connection(source, 130);
    await send(connection, 60);
    const ticket = studio.at(55);
    for (const path of studio.disk.files.keys()) studio.disk.files.delete(path);
    const sink = new FakeSink();
    studio.join(ticket, sink);
    await send(connection, 10);
    expect([studio.audience.counts.inPast, studio.audience.count]).toEqual([0, 1]);
    const heard = sink.bytes.subarray(headerBytes(sink.bytes));
    expect([heard.length > 0, studio.ring.includes(heard)]).toEqual([true, true]);
  });

  test("has the pages of each title without a gap where titles have files of their own", async () => {
    studio.recorder.reconfigure({ ...studio.recorder.config, split: "title" });
    const connection = new Connection(source, 60);
    await send(connection, 20);
    connection.parser.retitle?.({ artist: "", title: "Second" });
    studio.dj.metadata = { artist: "", title: "Second" };
    studio.mount.announce(studio.dj);
    await send(connection, 20);
    await studio.recordings.close();
    expect(studio.files).toHaveLength(2);
    for (const path of studio.files) {
      const pages = pagesIn(studio.disk.read(path));
      expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, at) => at));
    }
  });
});
