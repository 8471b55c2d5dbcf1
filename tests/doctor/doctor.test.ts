// What the doctor says, rule by rule: each finds its trouble, and is silent about a station that is well.
import { describe, expect, test } from "bun:test";
import { examine } from "../../src/doctor/doctor.ts";
import { clockDrift, type Progress } from "../../src/facts/drift.ts";
import type { ListenerFacts, MountFacts, StationFacts } from "../../src/facts/facts.ts";
import type { SourceFacts } from "../../src/facts/source-facts.ts";
import type { TrackList } from "../../src/mount/roles.ts";
import { LISTENER, PLAYLIST, PUSH, SOURCE, STREAM, stationOf } from "../facts/example.ts";

/** A live mount that is well. */
const WELL: MountFacts = {
  ...STREAM,
  fallback: "",
  source: SOURCE,
  listeners: 40,
  maxListeners: 100,
  some: () => someFrom("192.0.2.1", "192.0.2.2"),
};

/** Listeners with these addresses. */
function someFrom(...addresses: string[]): ListenerFacts[] {
  return addresses.map((address) => ({ ...LISTENER, address }));
}

const WELL_STATION: StationFacts = {
  ...stationOf(WELL),
  warnings: [],
  lateness: { p99Ms: 499, maxMs: 499 },
};

/** "severity: sentence" of each finding about a mount that differs from one that is well. */
function told(mount: Partial<MountFacts>, station: Partial<StationFacts> = {}): string[] {
  const facts: StationFacts = { ...WELL_STATION, mounts: [{ ...WELL, ...mount }], ...station };
  return examine(facts).map(({ severity, sentence }) => `${severity}: ${sentence}`);
}

function withSource(source: Partial<SourceFacts>): Partial<MountFacts> {
  return { source: { ...SOURCE, ...source } };
}

function withPlaylist(files: Partial<TrackList>): Partial<MountFacts> {
  return { playlist: { ...PLAYLIST, files: { ...PLAYLIST.files, ...files } } };
}

function lately(growth: Partial<StationFacts["lately"]>): Partial<StationFacts> {
  return { lately: { ...WELL_STATION.lately, ...growth } };
}

test("a healthy station has no findings", () => {
  expect(told({})).toEqual([]);
});

test("a server that a push has not reached for a minute is a finding, with the reason", () => {
  const down = { ...PUSH, isUp: false, seconds: 60 };
  expect(told({ pushes: [PUSH, { ...down, seconds: 59 }] })).toEqual([]);
  expect(told({ pushes: [down, { ...down, name: "b", lastError: "" }] })).toEqual([
    'warning: /stream has not reached icecast://backup.example:8000/stream (push "backup") for a minute or more: it refuses connections (ECONNREFUSED).',
    'warning: /stream has not reached icecast://backup.example:8000/stream (push "b") for a minute or more.',
  ]);
});

test("a silent mount whose listeners hear its fallback is well while nobody is left on it", () => {
  const silent = { onAir: "silence", fallback: "/talk", listeners: 0 } as const;
  expect(told(silent)).toEqual([]);
  expect(told({ ...silent, listeners: 1 })).toHaveLength(1);
  expect(told({ ...silent, fallback: "" })).toHaveLength(1);
});

test("every finding has a subject and a remedy, and the worst come first", () => {
  const found = examine({
    ...WELL_STATION,
    configWarnings: ["The key x is old."],
    hasDefaultAdmin: true,
    mounts: [{ ...WELL, onAir: "silence", source: null }],
  });
  expect(found.map(({ severity, subject }) => `${severity} ${subject}`)).toEqual([
    "trouble /stream",
    "warning station",
    "note station",
  ]);
  expect(found.every(({ remedy }) => /^[A-Z].*\.$/.test(remedy))).toBe(true);
});

test("files of a playlist that are silent from end to end are named", () => {
  expect(told(withPlaylist({ silent: ["a.mp3", "b/c.mp3"] }))).toEqual([
    "warning: The playlist of /stream has files that are silent from end to end: a.mp3, b/c.mp3.",
  ]);
});

test("a source that sends silence is named, and trouble where nothing plays in its place", () => {
  const name = "the live source 192.0.2.7 (Encoder/1)";
  const sentence = "The live source 192.0.2.7 (Encoder/1) sends silence to /stream";
  expect(told({ silentInputs: [{ name, isOnAir: false }] })).toEqual([
    `warning: ${sentence}, so it counts as no audio until its sound returns.`,
  ]);
  expect(told({ silentInputs: [{ name, isOnAir: true }] })).toEqual([
    `trouble: ${sentence}, and nothing else is there to play.`,
  ]);
});

describe("silence", () => {
  const quiet = { onAir: "silence", source: null } as const;

  test("is trouble while somebody listens", () => {
    const sentence = "trouble: /stream has been silent for 15 min, with 40 listeners.";
    expect(told(quiet)).toEqual([sentence]);
  });

  test("is a warning while nobody does, and none while it is a seam", () => {
    expect(told({ ...quiet, listeners: 0, onAirSeconds: 30 })).toEqual([
      "warning: /stream has been silent for less than a minute.",
    ]);
    expect(told({ ...quiet, onAirSeconds: 9 })).toEqual([]);
  });
});

describe("an encoder's clock", () => {
  test("that is fast lets listeners fall behind", () => {
    expect(told(withSource({ drift: { ratio: 0.004, seconds: 600 } }))).toEqual([
      "warning: The encoder's clock on /stream is 0.40 % fast: listeners fall behind by 14.4 s per hour.",
    ]);
  });

  test("that is slow lets their players run dry", () => {
    expect(told(withSource({ drift: { ratio: -0.001, seconds: 600 } }))).toEqual([
      "warning: The encoder's clock on /stream is 0.10 % slow: it falls short by 3.6 s per hour, and players stall about every 83 min.",
    ]);
  });

  test("within tolerance is no finding, nor one that is not measured yet", () => {
    expect(told(withSource({ drift: { ratio: 0.0003, seconds: 600 } }))).toEqual([]);
    expect(told(withSource({ drift: null }))).toEqual([]);
  });

  test("is not to blame for an encoder that gets only a part through", () => {
    expect(told(withSource({ drift: { ratio: -0.2, seconds: 600 } }))).toEqual([
      "trouble: The encoder on /stream sends only 80 % of real time: listeners hear gaps.",
    ]);
  });
});

describe("the bitrate an encoder says", () => {
  test("is compared with what it sends", () => {
    expect(told(withSource({ declaredBitrate: 192 }))).toEqual([
      "warning: The encoder on /stream declares 192 kbit/s but sends 128.",
    ]);
  });

  test("is not held against it at first, when it is near, or when it says nothing", () => {
    expect(told(withSource({ declaredBitrate: 192, sendingSeconds: 30 }))).toEqual([]);
    expect(told(withSource({ declaredBitrate: 120 }))).toEqual([]);
    expect(told(withSource({ declaredBitrate: 0 }))).toEqual([]);
  });
});

describe("a playlist", () => {
  test("whose directory cannot be read is a warning, and trouble when there is silence", () => {
    const unreadable = new Map([["/music", "ENOENT"]]);
    const gone = withPlaylist({ unreadable, unreadableCount: 1, count: 0 });
    const sentence = "The playlist directory /music of /stream cannot be read (ENOENT).";
    expect(told(gone)).toEqual([`warning: ${sentence}`]);
    expect(told({ ...gone, onAir: "silence" })).toContain(`trouble: ${sentence}`);
  });

  test("with unreadable folders is reported with the names of some of them", () => {
    const unreadable = new Map([["/music/b", "EACCES"]]);
    const sentence =
      "warning: Some tracks of /stream are skipped because their folders cannot be read:";
    expect(told(withPlaylist({ unreadable, unreadableCount: 1 }))).toEqual([
      `${sentence} /music/b (EACCES).`,
    ]);
    expect(told(withPlaylist({ unreadable, unreadableCount: 3000 }))).toEqual([
      `${sentence} /music/b (EACCES), and 2999 more.`,
    ]);
  });

  test("that leaves files out says which and why, a few of them by name", () => {
    const noise = Array.from({ length: 7 }, (_, i) => [`${i}.mp3`, "it is noise"] as const);
    const skipped = new Map([["a.wav", "it is WAV"], ...noise]);
    expect(told(withPlaylist({ reasons: skipped, skippedCount: 8 }))).toEqual([
      "warning: The playlist of /stream skips 8 of 20 files. " +
        "7: it is noise (0.mp3, 1.mp3, 2.mp3, 3.mp3, 4.mp3, and 2 more); 1: it is WAV (a.wav).",
    ]);
  });

  test("names the endings it passes over, and what is too deep or too much", () => {
    const passedOver = new Map([
      [".wma", 2],
      [".m4a", 30],
    ]);
    expect(told(withPlaylist({ passedOver }))).toEqual([
      "note: The playlist of /stream ignores files with other extensions: 30 .m4a, 2 .wma.",
    ]);
    expect(told(withPlaylist({ tooDeep: ["a/b"], isCutOff: true }))).toEqual([
      "warning: The playlist of /stream skips folders nested too deep (a/b) and everything beyond 200,000 entries.",
    ]);
  });

  test("whose disk does not answer is a warning, and trouble when there is silence", () => {
    const silent = withPlaylist({ unansweredSeconds: 12.3, count: 0 });
    const sentence = "The playlist directory /music of /stream has not responded for 12 s.";
    expect(told(silent)).toEqual([`warning: ${sentence}`]);
    expect(told({ ...silent, onAir: "silence" })).toContain(`trouble: ${sentence}`);
  });

  test("without tracks is worth a note", () => {
    expect(told(withPlaylist({ count: 0 }))).toEqual([
      "note: The playlist of /stream has no playable track: without a live source the mount is silent.",
    ]);
    expect(told({ ...withPlaylist({ count: 0 }), fallback: "/auto" })).toEqual([]);
  });

  test("that is not read to its end since the start is not called empty, and silence then asks for patience", () => {
    const unread = withPlaylist({ count: 0, isKnown: false });
    expect(told(unread)).toEqual([]);
    const mount: MountFacts = { ...WELL, ...unread, onAir: "silence", source: null };
    expect(examine({ ...WELL_STATION, mounts: [mount] }).map(({ remedy }) => remedy)).toEqual([
      "Go live, or wait: its playlist directory is still being read.",
    ]);
  });
});

describe("listeners", () => {
  test("that fill the places are a finding before none is left, and when none is", () => {
    expect(told({ listeners: 90 })).toEqual([
      "warning: /stream will soon be full: 90 of 100 listeners.",
    ]);
    expect(told({ listeners: 100 })).toEqual([
      "trouble: /stream is full: new listeners are refused.",
    ]);
    expect(told({ listeners: 89 })).toEqual([]);
    expect(told({ listeners: 10_000, maxListeners: 0 })).toEqual([]);
  });

  test("slower than real time are a finding if they are many", () => {
    expect(told({ slowLately: 5 })).toEqual([
      "warning: 5 listeners of /stream could not keep up in the last 10 minutes.",
    ]);
    expect(told({ slowLately: 2, listeners: 3 })).toEqual([]);
    expect(told({ slowLately: 5, listeners: 1000, maxListeners: 0 })).toEqual([]);
  });

  test("who all come from one private address through a proxy are hidden by it", () => {
    const behind = (...addresses: string[]) =>
      someFrom(...addresses).map((listener) => ({ ...listener, isForwarded: true }));
    expect(told({ some: () => behind("127.0.0.1", "127.0.0.1") })).toEqual([
      "warning: A proxy hides the listeners' addresses on /stream: all appear as 127.0.0.1.",
    ]);
    for (const others of [
      someFrom("127.0.0.1"),
      [...behind("127.0.0.1"), ...someFrom("127.0.0.1")],
      behind("192.0.2.1"),
      behind("127.0.0.1", "192.0.2.1"),
      [],
    ]) {
      expect(told({ some: () => others })).toEqual([]);
    }
  });
});

describe("the station", () => {
  test("has a finding for default passwords", () => {
    expect(told({ hasDefaultPassword: true }, {})).toEqual([
      'warning: /stream still uses the default password "hackme", so only this machine can go live.',
    ]);
    expect(told({}, { hasDefaultAdmin: true })).toEqual([
      'warning: The admin password is still the default "hackme", so this page opens from this machine only.',
    ]);
  });

  test("has a finding if its machine is too busy for the audio", () => {
    expect(told({}, { lateness: { p99Ms: 600.4, maxMs: 600.4 } })).toEqual([
      "warning: This machine is overloaded: audio goes out up to 600 ms late.",
    ]);
    expect(told({}, { lateness: { p99Ms: 2500, maxMs: 2500 } })[0]).toStartWith("trouble: ");
  });

  test("has a finding for guessed passwords", () => {
    expect(told({}, lately({ failedLogins: 10 }))).toEqual([
      "warning: 10 failed admin sign-ins in the last 10 minutes.",
    ]);
    expect(told({}, lately({ failedLogins: 9 }))).toEqual([]);
  });

  test("has a finding for each reason that sources are refused for repeatedly", () => {
    const sources = {
      accepted: 50,
      unauthorized: 3,
      too_many_logins: 4,
      in_use: 2,
      bad_request: 100,
    };
    expect(told({}, lately({ sources }))).toEqual([
      "warning: Sources were refused 3 times in the last 10 minutes: wrong user name or password.",
      "warning: Sources were refused 4 times in the last 10 minutes: too many wrong passwords from its address.",
    ]);
  });

  test("whose cache of converted tracks cannot be written is told so", () => {
    const conversionTrouble = "nothing can be converted: /x cannot be written, the disk is full";
    expect(told({}, { conversionTrouble })).toEqual([
      "warning: Nothing can be converted: /x cannot be written, the disk is full.",
    ]);
  });

  test("is warned before its certificate ends, and when it cannot be renewed", () => {
    const after = (days: number) => WELL_STATION.nowMs + days * 86_400_000;
    const ends = (days: number) => told({}, { certificate: { endMs: after(days), trouble: null } });
    expect(ends(31)).toEqual([]);
    expect(ends(30)).toEqual([
      expect.stringMatching(/^note: The TLS certificate ends in 30 days, on /),
    ]);
    expect(ends(14)).toEqual([expect.stringMatching(/^warning: .* in 14 days/)]);
    expect(ends(6)).toEqual([expect.stringMatching(/^trouble: .* in 6 days/)]);
    expect(ends(-1)).toEqual([expect.stringMatching(/^trouble: The TLS certificate expired on /)]);
    const certificate = { endMs: after(90), trouble: "tls.key /x: no such file" };
    expect(told({}, { certificate })).toEqual([
      "warning: The TLS certificate cannot be renewed: tls.key /x: no such file.",
    ]);
  });

  test("has findings for a missing SHOUTcast port and for its configuration", () => {
    expect(told({}, { missingPort: 8001, configWarnings: ["The key x is old."] })).toEqual([
      "note: Port 8001 is taken: SHOUTcast encoders that use it reach another program.",
      "note: The key x is old.",
    ]);
    expect(told({}, { missingPort: 8001, isListenPortNext: true })).toEqual([
      "note: SHOUTcast encoders that add 1 to the source port reach the listen port 8001, which refuses them.",
    ]);
  });
});

describe("a drift", () => {
  /** Ten seconds apart; a network that holds back up to `jitter` seconds. */
  function progress(
    minutes: number,
    ratio: number,
    jitter = 0,
    change: (seconds: number) => number = () => 0,
  ): Progress[] {
    let seed = 7;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    return Array.from({ length: minutes * 6 + 1 }, (_, i) => {
      const seconds = i * 10;
      const audioSeconds = seconds * (1 + ratio) + random() * jitter + change(seconds);
      return { atMs: 5_000_000 + seconds * 1000, audioSeconds };
    });
  }

  test("is not judged before five minutes", () => {
    expect(clockDrift(progress(4, 0.01))).toBeNull();
    expect(clockDrift([])).toBeNull();
  });

  test.each([0.004, -0.004, 0.001, -0.2])("of %p is measured through jitter", (ratio) => {
    const found = clockDrift(progress(60, ratio, 1));
    expect(Math.abs((found?.ratio ?? 9) - ratio)).toBeLessThan(0.0002);
    expect(found?.seconds).toBe(3600);
  });

  test("is not made of jitter alone", () => {
    for (const minutes of [5, 10, 30, 60]) {
      expect(Math.abs(clockDrift(progress(minutes, 0, 2))?.ratio ?? 9)).toBeLessThan(0.0005);
    }
  });

  test("is not made of a break in the line, whose audio is lost or comes at once", () => {
    const lost = (seconds: number) => (seconds > 900 ? -4 : 0);
    expect(clockDrift(progress(60, 0, 0.5, lost))?.ratio).toBe(0);
    const late = (seconds: number) => (seconds > 900 && seconds < 960 ? 900 - seconds : 0);
    expect(Math.abs(clockDrift(progress(60, 0, 0.5, late))?.ratio ?? 9)).toBeLessThan(0.0005);
  });
});
