// What the mounts played in earlier runs, from the database of the history.
import type { Play as KeptPlay } from "../history/questions.ts";
import type { HistoryStore } from "../history/history-store.ts";
import { INPUT_KINDS, type InputKind } from "../mount/roles.ts";
import type { EarlierPlay } from "../mount/plays.ts";
import { within } from "../lib/within.ts";
import type { MountParts } from "./mounts.ts";

/** As many as a page of the API may ask for. */
const RESTORED = 200;

/** Of a kind that this version does not know, a play counts as a playlist's. */
function kindOf(kind: string): InputKind {
  return INPUT_KINDS.find((one) => one === kind) ?? "playlist";
}

/** The play as the mount itself would have noted it. Its place on the timeline of an earlier run means nothing now. */
export function earlierPlay(play: KeptPlay): EarlierPlay {
  const { beganMs, playedSeconds, kind, show, artist, title, album, file, seconds } = play;
  const airing = {
    ...{ fromSeconds: Number.NEGATIVE_INFINITY, kind: kindOf(kind), showName: show },
    ...{ metadata: { artist, title, album }, file: file === "" ? null : file, seconds },
  };
  const endedMs = Math.round(beganMs + (playedSeconds ?? 0) * 1000);
  return { airing, startedMs: beganMs, endedMs };
}

/** Never rejects; the mounts play meanwhile. */
export async function restorePlays(
  mounts: readonly MountParts[],
  history: HistoryStore | null,
  beforeMs: number,
): Promise<void> {
  for (const { mount, plays } of mounts) {
    const kept = await history?.played(mount.path, beforeMs, RESTORED);
    plays.restore((kept ?? []).map(earlierPlay));
  }
}

/** A disk that is slow must not hold up an answer. */
const MAX_WAIT_MS = 2000;

/** Two clocks note the same play: one by the audio, one by the moment. */
const SAME_MS = 5000;

/** Plays of a mount that its memory has no more: at most `count`, that began before `beforeMs`. `oldest`: the last one that
 * is known. Never rejects. */
export async function olderPlays(
  path: string,
  history: HistoryStore | null,
  { beforeMs, count }: { readonly beforeMs: number; readonly count: number },
  oldest: { readonly title: string; readonly artist: string } | undefined,
): Promise<EarlierPlay[]> {
  if (history === null) return [];
  const asked = history.played(path, Math.min(beforeMs, Number.MAX_SAFE_INTEGER), count + 1);
  const kept = (await within(MAX_WAIT_MS, asked)) ?? [];
  const isKnown = ({ title, artist, beganMs }: KeptPlay) =>
    title === oldest?.title && artist === oldest.artist && beforeMs - beganMs < SAME_MS;
  return kept
    .filter((play, i) => i > 0 || !isKnown(play))
    .slice(0, count)
    .map(earlierPlay);
}
