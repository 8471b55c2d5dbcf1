// Writes what happens on a mount into the journal: inputs, titles, source logins and listening sessions.
import type { Clock } from "../lib/clock.ts";
import type { Journal, LeftEvent, SessionClient } from "../journal/journal.ts";
import type { ListenerRecord } from "../mount/events.ts";
import type { Mount } from "../mount/mount.ts";
import type { Input } from "../mount/roles.ts";
import type { Airing } from "../mount/timeline.ts";

type End = Pick<LeftEvent, "sentBytes" | "isMoved" | "heardSeconds">;

export interface Written {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly wall: Clock;
}

/** Until the mount closes. */
export function followMount(mount: Mount, written: Written): void {
  const follower = new Follower(mount, written);
  const { events } = mount;
  events.on("onAir", ({ input }) => follower.onAir(input));
  events.on("inputs", ({ inputs }) => follower.inputs(inputs));
  events.on("titleHeard", (airing) => follower.title(airing));
  events.on("joined", ({ listener, lagSeconds, isMoved }) =>
    follower.joined(listener, lagSeconds, isMoved),
  );
  events.on("left", ({ listener, lagSeconds, ...end }) => follower.left(listener, lagSeconds, end));
  events.on("skipped", ({ listener, lostSeconds, lagSeconds }) =>
    follower.skipped(listener, lostSeconds, lagSeconds),
  );
  events.on("closed", () => follower.end());
}

class Follower {
  #sources = new Set<Input>();

  constructor(
    private readonly mount: Mount,
    private readonly written: Written,
  ) {}

  onAir(input: Input | null): void {
    const { kind = "none", name = "" } = input ?? {};
    this.written.journal.add({ type: "input", ...this.#now, kind, name });
  }

  /** A source client is an input from its login on. */
  inputs(inputs: readonly Input[]): void {
    const sources = inputs.filter(({ isLive, feed }) => isLive === true && feed !== undefined);
    for (const { feed } of sources.filter((input) => !this.#sources.has(input))) {
      const { address = "", userAgent = "", user = "" } = feed?.client ?? {};
      this.written.journal.add({ type: "login", ...this.#now, address, userAgent, user });
    }
    this.#sources = new Set(sources);
  }

  title({ fromSeconds, kind, showName: show, metadata, file, seconds }: Airing): void {
    const { artist, title, album = "" } = metadata;
    // The burst position may have passed it since the last write.
    const lateMs = Math.max(0, this.mount.joinSeconds - fromSeconds) * 1000;
    const { mount, atMs } = this.#now;
    const about = { kind, isFiller: kind === "silence", show, artist, title, album };
    const at = { mount, atMs: Math.round(atMs - lateMs), position: fromSeconds };
    this.written.journal.add({ type: "title", ...at, ...about, file: file ?? "", seconds });
  }

  /** Those who listen at a relay are counted there. */
  joined(listener: ListenerRecord, lagSeconds: number, isContinued: boolean): void {
    if (listener.client.session?.isRelay === true) return;
    const position = Math.max(0, this.mount.writtenSeconds - lagSeconds);
    listener.fromSeconds = position;
    listener.fromMs = isContinued ? this.written.clock.nowMs() : listener.joinedMs;
    this.written.journal.add({
      type: "joined",
      mount: this.mount.path,
      atMs: this.written.wall.nowMs(),
      session: listener.number,
      client: clientOf(listener),
      position,
      isContinued,
    });
  }

  left(listener: ListenerRecord, lagSeconds: number, end: End): void {
    this.#leave(listener, this.mount.writtenSeconds - lagSeconds, end);
  }

  /** It hears nothing of what lies between. */
  skipped(listener: ListenerRecord, lostSeconds: number, lagSeconds: number): void {
    const cursor = this.mount.writtenSeconds - lagSeconds;
    this.#leave(listener, cursor - lostSeconds, { sentBytes: 0, isMoved: true });
    this.joined(listener, lagSeconds, true);
  }

  end(): void {
    this.written.journal.add({ type: "end", ...this.#now, position: this.mount.writtenSeconds });
  }

  #leave(listener: ListenerRecord, cursor: number, end: End): void {
    const { fromSeconds, fromMs } = listener;
    if (Number.isNaN(fromSeconds)) return;
    listener.fromSeconds = Number.NaN;
    const passed = (this.written.clock.nowMs() - fromMs) / 1000;
    // A player plays at the pace of the audio, whatever it was sent ahead.
    const position = Math.max(fromSeconds, Math.min(cursor, fromSeconds + passed));
    this.written.journal.add({
      type: "left",
      mount: this.mount.path,
      atMs: this.written.wall.nowMs(),
      session: listener.number,
      client: clientOf(listener),
      ...end,
      position,
      joinedMs: listener.joinedMs,
    });
  }

  get #now() {
    return { mount: this.mount.path, atMs: this.written.wall.nowMs() };
  }
}

function clientOf({ client }: ListenerRecord): SessionClient {
  const { address, userAgent, request, referer, door = "source", session } = client;
  const user = session?.user ?? "";
  // Every listener over a port has both: written out, because thousands may join in a second.
  if (request !== undefined && referer !== undefined)
    return { address, userAgent, door, request, referer, user };
  const asked = {
    ...(request !== undefined && { request }),
    ...(referer !== undefined && { referer }),
  };
  return { address, userAgent, door, ...asked, user };
}
