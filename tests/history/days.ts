// Days for the tests of the history: events as the journal has them, and a store on a disk of this thread.
import { answer } from "../../src/disk/answer-calls.ts";
import type { Call } from "../../src/disk/call.ts";
import { Disk } from "../../src/disk/disk.ts";
import { Lane } from "../../src/disk/lane.ts";
import type { Thread } from "../../src/disk/thread.ts";
import { createHistoryPerform } from "../../src/history/history-perform.ts";
import { HistoryStore } from "../../src/history/history-store.ts";
import {
  type JoinedEvent,
  Journal,
  type LeftEvent,
  type TitleEvent,
} from "../../src/journal/journal.ts";
import { keptLog } from "../mount/fake-input.ts";

/** 2026-08-01, 10:00 in the local time of the test. */
export const DAY_MS = new Date(2026, 7, 1).getTime();
export const TEN_MS = new Date(2026, 7, 1, 10).getTime();

export const MOUNT = "/stream";

export function title(position: number, atMs: number, more: Partial<TitleEvent> = {}): TitleEvent {
  return {
    type: "title",
    mount: MOUNT,
    atMs,
    position,
    kind: "playlist",
    isFiller: false,
    show: "",
    artist: "An Artist",
    title: `Title ${position}`,
    album: "",
    file: "",
    seconds: null,
    ...more,
  };
}

interface Listening {
  readonly mount?: string;
  readonly address?: string;
  readonly userAgent?: string;
}

const client = ({ address = "192.0.2.1", userAgent = "VLC/3.0" }: Listening) => {
  return { address, userAgent, door: "listen", user: "" };
};

export function joined(
  session: number,
  position: number,
  atMs: number,
  who: Listening & { readonly isContinued?: boolean } = {},
): JoinedEvent {
  const { mount = MOUNT, isContinued = false } = who;
  return { type: "joined", mount, atMs, session, position, isContinued, client: client(who) };
}

export function left(
  session: number,
  position: number,
  atMs: number,
  who: Listening & { readonly isMoved?: boolean } = {},
): LeftEvent {
  const { mount = MOUNT, isMoved = false } = who;
  const end = { position, isMoved, joinedMs: 0, sentBytes: 1000 };
  return { type: "left", mount, atMs, session, ...end, client: client(who) };
}

/** Answers in the next microtask, unless `refuse` throws. */
function threadOf(refuse: (call: Call) => void): Thread {
  const perform = createHistoryPerform();
  const shared = new Uint8Array(0);
  const thread: Thread = {
    shared,
    onReply: () => undefined,
    post: (call) => {
      const asked = (given: Call) => {
        refuse(given);
        return perform(given, shared);
      };
      void answer(asked, call, shared).then((reply) => thread.onReply(reply));
    },
    close: () => undefined,
  };
  return thread;
}

export interface Kept {
  readonly store: HistoryStore;
  readonly journal: Journal;
  readonly lines: readonly string[];
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Writes nothing more, whatever it still has. */
  crash(): void;
}

/** A new run of the station on a folder. `refuse`: called before each call; what it throws fails the call. */
export function keep(
  directory: string,
  nowMs: number,
  refuse: (call: Call) => void = () => undefined,
  geoip = "",
): Kept {
  const { log, lines } = keptLog();
  let isCrashed = false;
  const refuseAll = (call: Call) => {
    if (isCrashed) throw new Error("it has crashed");
    refuse(call);
  };
  const lane = new Lane(
    () => threadOf(refuseAll),
    () => undefined,
  );
  const disk = new Disk("the disk", lane, log);
  const kept = { nowMs, crash: () => void (isCrashed = true) };
  const store = new HistoryStore({
    directory,
    disk,
    log,
    wall: { nowMs: () => kept.nowMs },
    settings: () => ({ keepDays: 90, geoip }),
  });
  const journal = new Journal((error) => {
    throw error;
  });
  store.follow(journal);
  return Object.assign(kept, { store, journal, lines });
}
