// The metrics as text: the two formats, each as the field's own programs read it.
import { expect, test } from "bun:test";
import type { StationFacts } from "../../src/facts/facts.ts";
import {
  type Family,
  renderOpenMetrics,
  renderText,
  type Sample,
} from "../../src/stats/metrics/exposition.ts";
import { icecastFamilies } from "../../src/stats/metrics/icecast-families.ts";
import { mountFamilies } from "../../src/stats/metrics/mount-families.ts";
import { stationFamilies } from "../../src/stats/metrics/station-families.ts";
import { STATION, STREAM, stationOf, TALK } from "../facts/example.ts";
import { checkOpenMetrics, checkText, valuesOf } from "../support/exposition.ts";

const SMALL: readonly Family[] = [
  {
    name: "station_build",
    help: "What it is.",
    type: "info",
    samples: [{ labels: { version: '1 "a" \\ \n' }, value: 1 }],
  },
  {
    name: "audio_seconds",
    help: "Audio.",
    type: "counter",
    samples: [{ labels: {}, value: 1.5 }],
  },
  {
    name: "lag_seconds",
    help: "Lag.",
    type: "histogram",
    samples: [{ labels: { mount: "/a" }, value: { bounds: [0.5, 1], counts: [1, 2, 4], sum: 9 } }],
  },
  { name: "old", help: "Old.", type: "unknown", samples: [{ labels: {}, value: Infinity }] },
];

const BUCKETS = `lag_seconds_bucket{mount="/a",le="0.5"} 1
lag_seconds_bucket{mount="/a",le="1.0"} 2
lag_seconds_bucket{mount="/a",le="+Inf"} 4
lag_seconds_count{mount="/a"} 4
lag_seconds_sum{mount="/a"} 9
`;

test("the text format names a counter with its ending, and knows neither info nor unknown", () => {
  expect(renderText(SMALL)).toBe(`# HELP station_build_info What it is.
# TYPE station_build_info gauge
station_build_info{version="1 \\"a\\" \\\\ \\n"} 1
# HELP audio_seconds_total Audio.
# TYPE audio_seconds_total counter
audio_seconds_total 1.5
# HELP lag_seconds Lag.
# TYPE lag_seconds histogram
${BUCKETS}# HELP old Old.
# TYPE old untyped
old +Inf
`);
});

test("OpenMetrics names it without, tells units, and says where it ends", () => {
  expect(renderOpenMetrics(SMALL)).toBe(`# HELP station_build What it is.
# TYPE station_build info
station_build_info{version="1 \\"a\\" \\\\ \\n"} 1
# HELP audio_seconds Audio.
# TYPE audio_seconds counter
# UNIT audio_seconds seconds
audio_seconds_total 1.5
# HELP lag_seconds Lag.
# TYPE lag_seconds histogram
# UNIT lag_seconds seconds
${BUCKETS}# HELP old Old.
# TYPE old unknown
old +Inf
# EOF
`);
});

/** Paths are the operator's: any character may be in one. */
const ODD = { ...STREAM, path: '/"odd"' };

const FAMILIES = [
  ...stationFamilies(STATION, "1.4.5", { trouble: 1, warning: 0, note: 2 }),
  ...mountFamilies([STREAM, TALK, ODD]),
  ...icecastFamilies(stationOf(STREAM, TALK, ODD), "http://radio.example:8000"),
];

test("Prometheus' own programs accept all of a station's metrics in both formats", () => {
  checkText(renderText(SMALL.slice(1, 3)));
  checkText(renderText(FAMILIES));
  checkOpenMetrics(renderOpenMetrics(SMALL));
  checkOpenMetrics(renderOpenMetrics(FAMILIES));
});

test("no metric has a label that strangers choose", () => {
  const labelsOf = ({ samples }: Family) =>
    samples.map(({ labels }: Pick<Sample, "labels">) => labels);
  const labels = FAMILIES.flatMap(labelsOf).flatMap((one) => Object.keys(one));
  expect([...new Set(labels)].toSorted()).toEqual([
    "account",
    "bun",
    "door",
    "input",
    "level",
    "listenurl",
    "mount",
    "push",
    "reason",
    "result",
    "server_type",
    "severity",
    "version",
  ]);
  const text = renderText(FAMILIES);
  for (const secret of ["192.0.2.", "BUTT", "VLC", "A Song", "A Guest"])
    expect(text).not.toContain(secret);
});

test("the end of the certificate is there while there is one", () => {
  const ends = (certificate: StationFacts["certificate"]) => {
    const families = stationFamilies({ ...STATION, certificate }, "1.4.5", {});
    return valuesOf(renderText(families)).get("cycast_certificate_expiry_timestamp_seconds");
  };
  expect(ends(null)).toBeUndefined();
  expect(ends({ endMs: 1_900_000_000_000, trouble: null })).toBe(1_900_000_000);
});

test("exporters' names have the numbers that Icecast's own status has", () => {
  const values = valuesOf(renderText(FAMILIES));
  const stream = '{listenurl="http://radio.example:8000/stream",server_type="audio/mpeg"}';
  expect(values.get(`icecast_listeners${stream}`)).toBe(3);
  expect(values.get(`icecast_stream_start${stream}`)).toBe(STREAM.sinceMs / 1000);
  expect(values.get(`icecast_bitrate${stream}`)).toBe(128);
  expect(values.get("icecast_server_start")).toBe(STATION.startedMs / 1000);
  expect(values.get('icecast_sources_total_bytes_read{mount="/stream"}')).toBe(1000);
  // It is silent: Icecast would not list it.
  expect(
    [...values.keys()].filter((key) => key.includes("icecast") && key.includes("/talk")),
  ).toEqual([]);
});

test("each push has its numbers, under its mount and its name", () => {
  const values = valuesOf(renderText(mountFamilies([STREAM, TALK])));
  const of = (name: string) => values.get(`cycast_push_${name}{mount="/stream",push="backup"}`);
  expect([of("up"), of("bytes_sent_total"), of("connections_total")]).toEqual([1, 4_800_000, 2]);
  expect(of("dropped_seconds_total")).toBe(1.5);
  expect([...values.keys()].filter((key) => key.startsWith("cycast_push")).length).toBe(4);
});
