// Whether a source gets a mount on which others may be: at once, in place of one that hangs or by its priority, after them,
// or not at all.
import { sourceIdentity, type SourceNames } from "../mount/drops.ts";
import type { Mount } from "../mount/mount.ts";
import { LIVE } from "../mount/priority.ts";
import type { Input } from "../mount/roles.ts";
import { plainText } from "../lib/text.ts";
import { type Refused, refused } from "./refused.ts";

/** Sources that one mount takes, the one on air and those that wait. */
const MAX_SOURCES = 16;

/** And so many beyond that, in place of one that hangs: it stays until there is something to hear. */
const MAX_RETURNING = 4;

export interface SourceCaller extends SourceNames {
  /** Its account's. */
  readonly priority: number;
}

export interface Place {
  readonly kind: "free";
  readonly mount: Mount;
  /** Sources that end with its first audio. */
  readonly replaces: readonly Input[];
  /** The source that it waits for, or null. */
  readonly behind: Input | null;
  /** Those that it ends would have gone on. */
  readonly isContested?: boolean;
}

/** The place of a client with the right password. */
export function placeOn(
  mount: Mount | undefined,
  caller: SourceCaller,
  nowMs: number,
): Refused | Place {
  if (mount === undefined) return refused("no_such_mount", "No such mount on this station");
  const { live, lives } = mount;
  const place = { kind: "free", mount, replaces: [], behind: null } as const;
  if (live === null) return place;
  const own = lives.filter((input) => isOwn(input, caller) && input.isHanging?.(nowMs) === true);
  const most = own.length > 0 ? MAX_SOURCES + MAX_RETURNING : MAX_SOURCES;
  if (lives.length >= most) return busy(live, `${lives.length - 1} sources wait already`);
  if (own.length > 0) return { ...place, replaces: own };
  if (LIVE + caller.priority > live.priority) return place;
  return placeBeside(live, place, caller, nowMs);
}

function isOwn({ feed }: Input, caller: SourceCaller): boolean {
  return feed !== undefined && sourceIdentity(feed.client) === sourceIdentity(caller);
}

/** As `on_busy` says; nobody replaces a source of a higher priority. */
function placeBeside(
  live: Input,
  place: Place,
  caller: SourceCaller,
  nowMs: number,
): Refused | Place {
  const { onBusy } = place.mount.config;
  if (onBusy === "wait") return { ...place, behind: live };
  if (onBusy !== "replace" || LIVE + caller.priority < live.priority) return busy(live);
  const seconds = place.mount.drops.replacements.waitSeconds(sourceIdentity(caller), nowMs);
  if (seconds > 0) return { ...busy(live, TOO_OFTEN), waitSeconds: seconds };
  return { ...place, replaces: [live], isContested: true };
}

/** Without the seconds: lines of the log that differ would not be collapsed. */
const TOO_OFTEN = "another encoder keeps coming back too: you have replaced it several times";

/** Encoders know the first words. */
function busy(live: Input, why = ""): Refused {
  return refused("in_use", `Mountpoint in use by ${holder(live)}${why === "" ? "" : `; ${why}`}`);
}

/** The account of a source, or without one its address; with its program. */
function holder({ feed, name }: Input): string {
  if (feed === undefined) return name;
  const { address, user = "", userAgent } = feed.client;
  const program = plainText(userAgent, 80);
  return `${user || address}${program === "" ? "" : ` (${program})`}`;
}
