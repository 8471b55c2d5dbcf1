// HLS sessions as listeners of a mount: who is counted and for how long, who is refused, and what ends a session.
import { describe, expect, test } from "bun:test";
import { Admission } from "../../../src/access/admission.ts";
import { perAddressRule } from "../../../src/access/limit-rules.ts";
import { listenerVisit } from "../../../src/access/visit.ts";
import { AccessLog } from "../../../src/journal/access-log.ts";
import type { LineFile } from "../../../src/lib/line-file.ts";
import { Rounds } from "../../../src/lib/rounds.ts";
import type { Audience } from "../../../src/output/audience/audience.ts";
import { endLongest } from "../../../src/output/audience/longest-listening.ts";
import type { HlsSession } from "../../../src/output/sessions/hls-session.ts";
import { HlsSessions } from "../../../src/output/sessions/hls-sessions.ts";
import type { Poll } from "../../../src/output/sessions/poll.ts";
import { followMount } from "../../../src/assembly/follow-mount.ts";
import { Journal, type JournalEvent } from "../../../src/journal/journal.ts";
import { keptLog } from "../../mount/fake-input.ts";
import { frames } from "../../native/known-audio.ts";
import type { TestMount } from "../../support/config.ts";
import { until } from "../../support/station.ts";
import { Stage } from "../stage.ts";

const SEGMENT_SECONDS = 6;

class Listened extends Stage {
  readonly accessLines: string[] = [];
  readonly events: JournalEvent[] = [];
  readonly admission: Admission;
  readonly sessions: HlsSessions;
  config: object = {};
  readonly others = new Map<string, { audience: Audience; hls: { isOn: boolean } }>();
  #newest = 10;

  constructor(config: TestMount = {}) {
    super(config);
    const { log } = keptLog();
    const file = { add: (line: string) => this.accessLines.push(line) } as unknown as LineFile;
    const access = new AccessLog(file, log, this.clock, { nowMs: () => this.clock.now });
    const { clock } = this;
    this.admission = new Admission(clock, log);
    const mounts = () => ({ find: (path: string) => this.others.get(path) });
    const context = { access, clock, mounts, rounds: new Rounds(), config: () => this.config };
    this.sessions = new HlsSessions({ ...context, admission: this.admission });
    const journal = new Journal((error) => {
      throw error;
    });
    journal.read((event) => void this.events.push(event));
    followMount(this.mount, { journal, clock, wall: clock });
    this.write(SEGMENT_SECONDS * 11);
  }

  write(seconds: number): void {
    const bytes = frames(0, seconds * 10, { length: 90, ms: 100 });
    this.mount.write(this.input, bytes, this.clock.now);
  }

  /** So many segments later. */
  later(segments = 1): void {
    this.#newest += segments;
    this.write(segments * SEGMENT_SECONDS);
    this.clock.now += segments * SEGMENT_SECONDS * 1000;
    this.sessions.counted.sweep(this.clock.now);
  }

  poll(id: string, address = "192.0.2.7", isCached = false): Poll {
    const headers = new Headers();
    const visit = listenerVisit("/stream", { address, headers }, "/stream/hls/mp3.m3u8");
    const client = { address, userAgent: "test", wantsIcy: false, door: "hls" } as const;
    const gone = () => new AbortController().signal;
    return { id, audience: this.audience, visit, client, isCached, gone };
  }

  /** A player asks for the playlist. Returns what became of it. */
  async ask(id: string, address?: string, isCached?: boolean): Promise<string> {
    const poll = this.poll(id, address, isCached);
    const entry = await this.sessions.enter(poll);
    if (entry.kind === "admitted") this.see(entry.session, poll);
    if (entry.kind === "refused" && entry.verdict.kind === "refused")
      return entry.verdict.refusal.rule;
    return entry.kind;
  }

  see(session: HlsSession, poll: Poll): void {
    const listed = Array.from({ length: 10 }, (_, at) => {
      const sequence = this.#newest - 9 + at;
      const fromSeconds = sequence * SEGMENT_SECONDS;
      return { sequence, seconds: SEGMENT_SECONDS, bytes: 1000, fromSeconds };
    });
    this.sessions.counted.saw(session, poll, listed, SEGMENT_SECONDS);
  }

  /** Another listener, who has fetched segments. */
  async listen(address = "192.0.2.7"): Promise<string> {
    const id = this.sessions.ids.mint();
    this.sessions.counted.sent(this.audience, address, { bytes: 1000, isFurtherPart: false });
    await this.ask(id, address);
    await this.ask(id, address);
    return id;
  }

  get count(): number {
    return this.audience.count;
  }
}

describe("a session", () => {
  test("counts as a listener from its second playlist on, and has heard the segments that were new", async () => {
    using stage = new Listened();
    const id = stage.sessions.ids.mint();
    expect(await stage.ask(id)).toBe("admitted");
    expect(stage.count).toBe(0);
    stage.later();
    expect(await stage.ask(id)).toBe("admitted");
    expect([stage.count, stage.audience.counts.doors.hls]).toEqual([1, 1]);
    stage.later(2);
    await stage.ask(id);
    expect(stage.accessLines).toEqual([]);
    stage.later(4);
    expect(stage.count).toBe(0);
    const [joined, left] = stage.events.filter(({ type }) => /joined|left/.test(type));
    expect(joined).toMatchObject({ type: "joined", session: 1, position: 8 * SEGMENT_SECONDS });
    const position = 11 * SEGMENT_SECONDS;
    expect(left).toMatchObject({ position, sentBytes: 3000, heardSeconds: 18, isMoved: false });
    expect(stage.accessLines.length).toBe(1);
    expect(stage.accessLines[0]).toMatch(/ 200 3000 .* 18$/);
  });

  test("that asks once is none, and has its line", async () => {
    using stage = new Listened();
    await stage.ask(stage.sessions.ids.mint());
    stage.later(6);
    expect([stage.count, stage.audience.joined, stage.accessLines.length]).toEqual([0, 0, 1]);
  });

  test("without new segments has heard nothing, however long it asks", async () => {
    using stage = new Listened();
    const id = stage.sessions.ids.mint();
    for (let i = 0; i < 50; i++) await stage.ask(id);
    stage.clock.now += 19_000;
    stage.sessions.counted.sweep(stage.clock.now);
    expect(stage.events.at(-1)).toMatchObject({ type: "left", heardSeconds: 0, sentBytes: 0 });
  });

  test("goes on after a restart, with the id that it has", async () => {
    using before = new Listened();
    using after = new Listened();
    after.sessions.ids.use(before.sessions.ids.key);
    const id = await before.listen();
    expect(await after.ask(id)).toBe("admitted");
    after.later();
    await after.ask(id);
    expect(after.count).toBe(1);
  });

  test("is heard of no more once it was kicked, and its player may begin another", async () => {
    using stage = new Listened();
    const id = await stage.listen();
    expect(stage.audience.end(1, "kicked")).toBe(true);
    expect([await stage.ask(id), stage.count]).toEqual(["ended", 0]);
    await stage.listen();
    expect(stage.count).toBe(1);
  });

  test("ends with its mount, and when its time is over", async () => {
    using stage = new Listened();
    const id = await stage.listen();
    stage.audience.close("the mount was removed");
    expect([stage.count, await stage.ask(id)]).toEqual([0, "ended"]);
  });

  test("is not over for good when the station stops: its player may find it again after a restart", async () => {
    using stage = new Listened();
    const id = await stage.listen();
    stage.audience.close();
    expect([stage.count, await stage.ask(id)]).toEqual([0, "full"]);
  });

  test("keeps its number where its player's address changes, and is asked about again", async () => {
    using stage = new Listened();
    const id = await stage.listen("192.0.2.1");
    stage.later();
    await stage.ask(id, "192.0.2.2");
    const ends = stage.events.filter(({ type }) => type === "joined" || type === "left");
    expect(ends.map(({ type }) => type)).toEqual(["joined", "left", "joined"]);
    expect(ends[2]).toMatchObject({ session: 1, isContinued: true });
    expect([stage.count, stage.audience.joined]).toEqual([1, 1]);
  });

  test("goes on at another mount with its number, when its player takes another quality", async () => {
    using stage = new Listened();
    using other = new Listened();
    const id = await stage.listen();
    stage.later();
    await stage.ask(id);
    const elsewhere = { ...stage.poll(id), audience: other.audience };
    const entry = await stage.sessions.enter(elsewhere);
    if (entry.kind !== "admitted") throw new Error(`it was answered ${entry.kind}`);
    stage.see(entry.session, elsewhere);
    expect([stage.count, other.count]).toEqual([0, 1]);
    expect(stage.events.at(-1)).toMatchObject({ type: "left", session: 1, isMoved: true });
    expect(other.events.at(-1)).toMatchObject({ type: "joined", session: 1, isContinued: true });
    expect(entry.session.seconds).toBe(6);
  });

  test("cannot be shared: another address is sent to a session of its own", async () => {
    using stage = new Listened();
    const id = await stage.listen("192.0.2.1");
    const entry = await stage.sessions.enter(stage.poll(id, "192.0.2.2"));
    expect(entry.kind).toBe("elsewhere");
    const again = await stage.sessions.enter(stage.poll(id, "192.0.2.2"));
    expect(again).toEqual(entry);
  });

  test("of a stranger's making is none", async () => {
    using stage = new Listened();
    expect(await stage.ask("x".repeat(44))).toBe("elsewhere");
    expect(await stage.ask(new HlsSessions({ ...stage.sessions["context"] }).ids.mint())).toBe(
      "elsewhere",
    );
  });
});

describe("limits", () => {
  test("of the mount hold: beyond max_listeners a session is refused", async () => {
    using stage = new Listened({ maxListeners: 2 });
    await stage.listen();
    await stage.listen();
    expect(await stage.ask(stage.sessions.ids.mint())).toBe("full");
    expect(stage.count).toBe(2);
  });

  test("hold for sessions that were admitted before any of them counted", async () => {
    using stage = new Listened({ maxListeners: 2 });
    const ids = Array.from({ length: 5 }, () => stage.sessions.ids.mint());
    for (const id of ids) await stage.ask(id, "192.0.2.9", true);
    stage.later();
    const answers: string[] = [];
    for (const id of ids) answers.push(await stage.ask(id, "192.0.2.9", true));
    expect(answers).toEqual(["admitted", "admitted", "full", "full", "full"]);
    expect(stage.count).toBe(2);
  });

  test("of an address hold, and a listener does not stand in its own way when the rules change", async () => {
    using stage = new Listened();
    const of = () => ({ limit: 1, count: stage.audience.counts.at("192.0.2.7") });
    stage.admission.rules = [perAddressRule(of)];
    const id = await stage.listen();
    expect(await stage.ask(stage.sessions.ids.mint())).toBe("per_address");
    stage.config = {};
    expect([await stage.ask(id), stage.count]).toEqual(["admitted", 1]);
  });

  test("of the time hold: max_listener_duration ends a session", async () => {
    using stage = new Listened({ rules: { maxListenerDuration: 10 } });
    const id = await stage.listen();
    endLongest([stage.audience], stage.clock.now + 9000);
    expect(stage.count).toBe(1);
    endLongest([stage.audience], stage.clock.now + 10_000);
    expect([stage.count, await stage.ask(id)]).toEqual([0, "ended"]);
  });

  test("that come with changed rules end a session", async () => {
    using stage = new Listened();
    const id = await stage.listen();
    const refusal = { rule: "agent", status: 403, sentence: "No.", logged: "no" } as const;
    stage.admission.rules = [() => refusal];
    expect([await stage.ask(id), stage.count]).toEqual(["admitted", 1]);
    stage.config = {};
    expect([await stage.ask(id), stage.count]).toEqual(["agent", 0]);
  });

  test("ids alone make no listeners: beyond a few at an address, each needs audio that went there", async () => {
    using stage = new Listened();
    const ids = Array.from({ length: 50 }, () => stage.sessions.ids.mint());
    const all = async () => {
      for (const id of ids) await stage.ask(id);
    };
    await all();
    await all();
    expect(stage.count).toBe(4);
    const sent = (isFurtherPart: boolean) =>
      stage.sessions.counted.sent(stage.audience, "192.0.2.7", { bytes: 1000, isFurtherPart });
    for (let i = 0; i < 10; i++) sent(true);
    await all();
    expect(stage.count).toBe(4);
    for (let i = 0; i < 10; i++) sent(false);
    await all();
    expect(stage.count).toBe(14);
  });

  test("behind a proxy that is trusted its cache may have the audio", async () => {
    using stage = new Listened();
    for (let i = 0; i < 50; i++) {
      const id = stage.sessions.ids.mint();
      await stage.ask(id, "192.0.2.7", true);
      await stage.ask(id, "192.0.2.7", true);
    }
    expect(stage.count).toBe(50);
  });
});

describe("what admission grants", () => {
  test("is noted once, ends with the session, and knows how long it listened", async () => {
    using stage = new Listened();
    const left: number[] = [];
    let asked = 0;
    stage.admission.judge = async () => {
      asked++;
      const session = { user: "ann", limitSeconds: 0, path: "", left: (s: number) => left.push(s) };
      return { kind: "admit", reading: null, session };
    };
    const id = stage.sessions.ids.mint();
    for (let i = 0; i < 4; i++) {
      await stage.ask(id);
      stage.later();
    }
    expect([asked, stage.count, left]).toEqual([1, 1, []]);
    stage.later(4);
    expect(left).toEqual([18]);
    expect(stage.accessLines[0]).toContain(" ann ");
  });

  test("may be another mount: the player is sent there once, and counted there", async () => {
    using stage = new Listened();
    using other = new Listened({ path: "/other" });
    stage.others.set("/other", { audience: other.audience, hls: { isOn: true } });
    const asked: number[] = [];
    stage.admission.judge = async () => {
      asked.push(1);
      const session = { user: "", limitSeconds: 0, path: "/other", left: () => undefined };
      return { kind: "admit", reading: null, session };
    };
    const poll = stage.poll(stage.sessions.ids.mint());
    const there = { ...poll, audience: other.audience };
    for (let at = 0; at < 3; at++) {
      expect(await stage.sessions.enter(poll)).toEqual({ kind: "moved", path: "/other" });
      const entry = await stage.sessions.enter(there);
      if (entry.kind !== "admitted") throw new Error(`it was ${entry.kind}`);
      stage.see(entry.session, there);
    }
    expect([asked.length, stage.count, other.audience.count]).toEqual([1, 0, 1]);
  });

  test("may be another mount, which is no way to go on if that has no HLS", async () => {
    using stage = new Listened();
    stage.others.set("/other", { audience: stage.audience, hls: { isOn: false } });
    const left: number[] = [];
    stage.admission.judge = async () => {
      const session = { user: "", limitSeconds: 0, path: "/other", left: () => left.push(0) };
      return { kind: "admit", reading: null, session };
    };
    const entry = await stage.sessions.enter(stage.poll(stage.sessions.ids.mint()));
    expect(entry).toEqual({
      kind: "refused",
      verdict: { kind: "forbidden", sentence: "Listen to /other instead." },
    });
    expect(left).toEqual([0]);
  });

  test("may be for a time", async () => {
    using stage = new Listened();
    stage.admission.judge = async () => {
      const session = { user: "", limitSeconds: 0.01, path: "", left: () => undefined };
      return { kind: "admit", reading: null, session };
    };
    const id = await stage.listen();
    await until("its time is over", () => stage.count === 0);
    expect(await stage.ask(id)).toBe("ended");
  });
});
