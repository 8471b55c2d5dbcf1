// Icecast's and SHOUTcast's views of the facts, as the programs that scrape them expect.
import { describe, expect, test } from "bun:test";
import { adminStats, mountList } from "../../src/stats/admin-xml.ts";
import { isoDate, logDate, longDate } from "../../src/lib/dates.ts";
import {
  renderSeven,
  renderShoutcastJson,
  renderShoutcastXml,
  renderStatisticsJson,
  renderStatisticsXml,
} from "../../src/stats/shoutcast-fields.ts";
import { renderStatusJson } from "../../src/stats/status-json.ts";
import { renderStatusPage } from "../../src/stats/status-page.ts";
import { TUNE_IN } from "../../src/stats/player-files.ts";
import { listener, viewXml } from "../../src/stats/view-xml.ts";
import { xmlDocument } from "../../src/stats/xml.ts";
import { LISTENER, STATION, STREAM, stationOf, TALK } from "../facts/example.ts";

const BASE = "http://radio.example:8000";

describe("status-json.xsl", () => {
  test("is Icecast's for one source, byte for byte", () => {
    expect(renderStatusJson(STATION, BASE)).toBe(
      '{"icestats":{"admin":"icemaster@localhost","host":"radio.example","location":"Earth",' +
        '"server_id":"Cycast 1.2.3","server_start":"Sat, 01 Aug 2026 10:00:00 +0000",' +
        '"server_start_iso8601":"2026-08-01T10:00:00+0000","source":{' +
        '"audio_info":"ice-samplerate=44100;ice-bitrate=128;ice-channels=2","bitrate":128,"channels":2,' +
        '"genre":"Various","ice-bitrate":128,"ice-channels":2,"ice-samplerate":44100,"listener_peak":5,' +
        '"listeners":3,"listenurl":"http://radio.example:8000/stream","samplerate":44100,' +
        '"server_description":"A station under test","server_name":"Test Radio",' +
        '"server_type":"audio/mpeg","server_url":"http://localhost:8001",' +
        '"stream_start":"Sat, 01 Aug 2026 10:01:00 +0000",' +
        '"stream_start_iso8601":"2026-08-01T10:01:00+0000","title":"A Guest - A Song","dummy":null}}}',
    );
  });

  test("has no source where nothing plays, an array where several mounts do", () => {
    const none = JSON.parse(renderStatusJson(stationOf(TALK), BASE));
    expect(Object.keys(none.icestats)).not.toContain("source");
    expect(none.icestats.dummy).toBeNull();
    const both = JSON.parse(renderStatusJson(stationOf(STREAM, { ...TALK, isUp: true }), BASE));
    const urls = both.icestats.source.map((source: { listenurl: string }) => source.listenurl);
    expect(urls).toEqual([`${BASE}/stream`, `${BASE}/talk`]);
  });

  test("has the one mount that is asked for", () => {
    const facts = stationOf(STREAM, { ...TALK, isUp: true });
    const only = (path: string) => JSON.parse(renderStatusJson(facts, BASE, path)).icestats.source;
    expect(only("/talk").listenurl).toBe(`${BASE}/talk`);
    expect(only("/nowhere")).toBeUndefined();
  });

  test.each(["1999", "true", "-", "+1", '"\\', "null"])("the title %p is a string", (titleLine) => {
    const facts = stationOf({ ...STREAM, titleLine });
    expect(JSON.parse(renderStatusJson(facts, BASE)).icestats.source.title).toBe(titleLine);
  });

  test("has no title before there was one, and no bitrate before it is known", () => {
    const facts = stationOf({ ...STREAM, artist: "", title: "", titleLine: "", bitrate: 0 });
    const keys = Object.keys(JSON.parse(renderStatusJson(facts, BASE)).icestats.source);
    for (const key of ["title", "bitrate", "ice-bitrate"]) expect(keys).not.toContain(key);
  });

  test("gives the artist apart where the stream has comments instead of one line", () => {
    const facts = stationOf({ ...STREAM, contentType: "audio/ogg" });
    const { source } = JSON.parse(renderStatusJson(facts, BASE)).icestats;
    expect([source.artist, source.title]).toEqual(["A Guest", "A Song"]);
  });
});

describe("admin stats", () => {
  test("are in the order of their names, with the admin's fields", () => {
    const text = xmlDocument(adminStats(STATION, BASE));
    const source = text.slice(text.indexOf("<source "));
    const names = [...source.matchAll(/<([\w-]+)>/g)].map(([, name = ""]) => name);
    expect(names).toEqual(names.toSorted());
    expect(source).toContain("<source_ip>192.0.2.1</source_ip>");
    expect(source).toContain("<user_agent>BUTT &lt;1&gt;</user_agent>");
    expect(source).toContain("<garbage_bytes>30</garbage_bytes>");
    expect(source).toContain("<total_bytes_sent>5000</total_bytes_sent>");
    expect(text).toContain("<listener_connections>9</listener_connections>");
    expect(text).not.toContain('mount="/talk"');
  });

  test("know mounts since when they play", () => {
    const nowMs = STREAM.sinceMs + 61_999;
    expect(xmlDocument(mountList({ ...STATION, nowMs }))).toContain(
      "<fallback>/talk</fallback><listeners>3</listeners><Connected>61</Connected>",
    );
  });
});

describe("SHOUTcast's statistics", () => {
  test("7.html has seven fields, and a title that is text", () => {
    const mount = { ...STREAM, titleLine: "One, Two <b>" };
    expect(renderSeven(mount)).toBe(
      '<HTML><meta http-equiv="Pragma" content="no-cache"></head>' +
        "<body>3,1,5,100,2,128,One, Two &lt;b&gt;</body></html>",
    );
  });

  test("are the same in XML and JSON, but for the case of their names", () => {
    const stream = { ...STREAM, titleLine: "1999" };
    const xml = renderShoutcastXml(stream, STATION);
    const json = JSON.parse(renderShoutcastJson(stream, STATION));
    expect(xml).toStartWith(
      '<?xml version="1.0"?>\n<SHOUTCASTSERVER><CURRENTLISTENERS>3</CURRENTLISTENERS>',
    );
    const names = [...xml.matchAll(/<([A-Z]+)>[^<]/g)].map(([, name = ""]) => name.toLowerCase());
    expect(names.slice(1)).toEqual(Object.keys(json).slice(1));
    expect(json).toMatchObject({
      songtitle: "1999",
      averagetime: 61,
      streamuptime: 5,
      streampath: "/stream",
      content: "audio/mpeg",
    });
  });
});

describe("the statistics of all streams", () => {
  const few = { listeners: 1, listenerPeak: 2, unique: 1, averageSeconds: 10, capacity: 50 };
  const streams = [STREAM, { ...TALK, ...few }];

  test("begin with their sums, and weigh the average by listeners", () => {
    const { streams: each, ...sums } = JSON.parse(renderStatisticsJson(streams, STATION));
    expect(sums).toEqual({
      totalstreams: 2,
      activestreams: 1,
      currentlisteners: 4,
      peaklisteners: 7,
      maxlisteners: 150,
      uniquelisteners: 3,
      averagetime: 48,
      version: "Cycast 1.2.3",
    });
    expect(each.map(({ id, streampath }: Record<string, unknown>) => [id, streampath])).toEqual([
      [1, "/stream"],
      [2, "/talk"],
    ]);
    expect(JSON.parse(renderStatisticsJson([], STATION)).averagetime).toBe(0);
  });

  test("are the same in XML, a STREAM with its id for each", () => {
    const xml = renderStatisticsXml(streams, STATION);
    expect(xml).toStartWith(
      '<?xml version="1.0"?>\n<SHOUTCASTSERVER><STREAMSTATS><TOTALSTREAMS>2</TOTALSTREAMS>',
    );
    const each = [...xml.matchAll(/<STREAM id="(\d)">.*?<STREAMPATH>(.*?)</g)];
    expect(each.map(([, id, path]) => [id, path])).toEqual([
      ["1", "/stream"],
      ["2", "/talk"],
    ]);
  });
});

describe("viewxml", () => {
  const listeners = [listener(LISTENER)];
  const facts = { ...STATION, nowMs: STREAM.sinceMs };
  const LISTENERS =
    "<LISTENERS><LISTENER><HOSTNAME>192.0.2.7</HOSTNAME><USERAGENT>&lt;VLC&gt;</USERAGENT>" +
    "<CONNECTTIME>12</CONNECTTIME><UID>7</UID></LISTENER></LISTENERS>";

  test("has the admin's fields in addition to the statistics", () => {
    const xml = xmlDocument(viewXml(STREAM, listeners, facts, 1));
    expect(xml).toContain("<UNIQUELISTENERS>2</UNIQUELISTENERS>");
    expect(xml).toContain("<REPORTEDLISTENERS>2</REPORTEDLISTENERS>");
    expect(xml).toContain("<STREAMSOURCE>192.0.2.1</STREAMSOURCE>");
    expect(xml).not.toContain("LISTENERS><LISTENER>");
  });

  /** What is heard began 34.9999 s before the moment it is told. */
  const NOW =
    `<SONG><PLAYEDAT>${STREAM.sinceMs / 1000 - 35}</PLAYEDAT>` +
    "<TITLE>A Guest - A Song</TITLE></SONG>";

  test("has its listeners alone on page 3, and its titles on page 4", () => {
    const inside = (page: number) =>
      xmlDocument(viewXml(STREAM, listeners, facts, page)).split("\n")[1];
    expect(inside(3)).toBe(`<SHOUTCASTSERVER>${LISTENERS}</SHOUTCASTSERVER>`);
    const history = `<SONGHISTORY>${NOW}</SONGHISTORY>`;
    expect(inside(4)).toBe(`<SHOUTCASTSERVER>${history}</SHOUTCASTSERVER>`);
  });

  test("lists the newest title first, and none that is not heard yet or is empty", () => {
    const at = (fromSeconds: number, title: string) => {
      const words = { dj: "", artist: "", title, album: "" };
      return { fromSeconds, onAir: "live" as const, ...words, seconds: null, artworkId: null };
    };
    const airings = [at(1, "First"), at(50, ""), at(90, "Last <1>"), at(96, "Not yet")];
    const mount = { ...STREAM, timeline: { ...STREAM.timeline, airings } };
    const xml = xmlDocument(viewXml(mount, listeners, facts, 4));
    const titles = [...xml.matchAll(/<TITLE>(.*?)<\/TITLE>/g)].map(([, title]) => title);
    expect(titles).toEqual(["Last &lt;1&gt;", "First"]);
  });

  test.each([0, Number.NaN, 99])("has all of it on page %p", (page) => {
    const xml = xmlDocument(viewXml(STREAM, listeners, facts, page));
    expect(xml).toContain("<SHOUTCASTSERVER><CURRENTLISTENERS>3</CURRENTLISTENERS>");
    expect(xml).toContain(`${LISTENERS}<SONGHISTORY>${NOW}</SONGHISTORY></SHOUTCASTSERVER>`);
  });
});

test("the status page escapes what others wrote and says when nothing plays", () => {
  const hostile = { ...STREAM, titleLine: "<script>alert(1)</script>", stationName: "A & B" };
  const page = renderStatusPage(stationOf(hostile), BASE);
  expect(page).not.toContain("<script");
  expect(page).toContain("A &amp; B");
  expect(page).toContain('href="http://radio.example:8000/stream.m3u"');
  expect(renderStatusPage(stationOf(TALK), BASE)).toContain("Nothing is playing");
});

describe("tune-in files", () => {
  const stream = { url: `${BASE}/live`, name: "A & B\nC", description: "<d>" };

  test.each([
    ["m3u", "http://radio.example:8000/live\r\n"],
    [
      "pls",
      "[playlist]\nNumberOfEntries=1\nFile1=http://radio.example:8000/live\nTitle1=A & B C\nLength1=-1\nVersion=2\n",
    ],
    [
      "xspf",
      '<?xml version="1.0"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>A &amp; B\nC</title>' +
        "<trackList><track><location>http://radio.example:8000/live</location>" +
        "<title>A &amp; B\nC</title><annotation>&lt;d&gt;</annotation></track></trackList></playlist>\n",
    ],
  ] as const)("%s", (kind, wanted) => {
    expect(TUNE_IN[kind].render(stream)).toBe(wanted);
  });
});

test("a moment is written in three ways, all of them UTC", () => {
  const ms = Date.UTC(2026, 1, 3, 4, 5, 6, 999);
  expect([longDate(ms), isoDate(ms), logDate(ms)]).toEqual([
    "Tue, 03 Feb 2026 04:05:06 +0000",
    "2026-02-03T04:05:06+0000",
    "03/Feb/2026:04:05:06 +0000",
  ]);
});
