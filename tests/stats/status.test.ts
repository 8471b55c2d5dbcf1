// The renderings of the facts, field by field as programs that read them expect.
import { describe, expect, test } from "bun:test";
import { formatUptime, renderStats, renderStatus } from "../../src/stats/status.ts";
import { STATION, STREAM, stationOf } from "../facts/example.ts";

test.each([
  [0, "0s"],
  [0.9, "0s"],
  [59.99, "59s"],
  [60, "1m 0s"],
  [3600, "1h 0m 0s"],
  [3725.9, "1h 2m 5s"],
  [86_399, "23h 59m 59s"],
  [86_400, "1d 0h 0m 0s"],
  [2 * 86_400 + 3 * 3600 + 12 * 60 + 5, "2d 3h 12m 5s"],
  [1000 * 86_400, "1000d 0h 0m 0s"],
])("an uptime of %d s is %p", (seconds, wanted) => {
  expect(formatUptime(seconds)).toBe(wanted);
});

describe("the status", () => {
  const next = {
    title: "B",
    artist: "C",
    album: "",
    duration_seconds: 60.123,
    artwork_url: "/artwork/0123",
  };
  const stream = {
    mount: "/stream",
    group: "main",
    station_name: "Test Radio",
    station_description: "A station under test",
    station_genre: "Various",
    station_url: "http://localhost:8001",
    source_connected: true,
    source_status: "live",
    substitute: null,
    sources_waiting: [{ dj: "A Guest Host", held: null }],
    metadata: { title: "A Song", artist: "A Guest" },
    album: "An Album",
    duration_seconds: null,
    elapsed_seconds: 12.5,
    started_at: "2026-08-01T10:15:00.000Z",
    next,
    format: { codec: "mp3", sample_rate: 44_100, channels: 2, bitrate: 128 },
    listeners: 3,
    listener_peak: 5,
    playlist_tracks: 12,
    rewind_seconds: 90,
    dj: "A Host",
    artwork_url: null,
  };
  const timeline = {
    head_seconds: 100,
    join_seconds: 95,
    burst_seconds: 5,
    chromium_join_seconds: 92,
    chromium_burst_seconds: 8,
    rewind_limit_seconds: 300,
    recorded_seconds: 0,
    titles: [
      {
        from_seconds: 60.001,
        source_status: "live",
        dj: "A Host",
        title: "A Song",
        artist: "A Guest",
        album: "An Album",
        duration_seconds: 61.5,
        artwork_url: "/artwork/c0ffee",
      },
    ],
    next,
  };

  test("is the first mount's at the top, and every mount's in a list", () => {
    const status = renderStatus(STATION);
    const talk = {
      ...stream,
      mount: "/talk",
      group: "",
      source_connected: false,
      source_status: "silence",
      substitute: { mount: "/stream", listeners: 2 },
      sources_waiting: [],
      format: null,
    };
    expect<unknown>(status).toEqual({
      ...stream,
      uptime_seconds: 3725,
      uptime_formatted: "1h 2m 5s",
      mounts: [
        { ...stream, timeline },
        { ...talk, timeline },
      ],
      warnings: ["Change the password"],
      version: "1.2.3",
    });
  });

  test("is JSON that says the same", () => {
    const status = renderStatus(STATION);
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  });
});

describe("the statistics", () => {
  test("are of listeners, bytes, buffers and sources", () => {
    const buffer = { available: 1000, space: 2000, fill_percentage: 33.33 };
    const nothing = { available: 0, space: 0, fill_percentage: 0 };
    const counts = { listeners: 3, listener_peak: 5, slow_listeners: 1, garbage_bytes: 7 };
    expect(renderStats(STATION, 100)).toEqual({
      total_listeners: 6,
      total_bytes_sent: 99_999,
      listeners: [
        {
          id: "c0ffee",
          mount: "/stream",
          bytes_sent: 4096,
          connected_seconds: 12,
          lag_seconds: 0.12,
          active: true,
        },
      ],
      buffer,
      mounts: [
        { mount: "/stream", ...counts, buffer },
        { mount: "/talk", ...counts, buffer: nothing },
      ],
      sources: { accepted: 2, unauthorized: 7 },
      failed_logins: 4,
      late_ms: { p99: 1.23, max: 7 },
      uptime_seconds: 3725,
    });
  });

  test.each([
    [0, 4096, 0],
    [4096, 0, 100],
    [1, 2, 33.33],
  ])("say of %d bytes held and %d free that %d %% is filled", (available, space, share) => {
    const station = stationOf({ ...STREAM, buffer: { available, space } });
    expect(renderStats(station, 100).buffer.fill_percentage).toBe(share);
  });
});
