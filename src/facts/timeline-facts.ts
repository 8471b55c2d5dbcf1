// What was on air when, on a mount's timeline.
import type { Artworks } from "../input/playlist/artworks.ts";
import type { Airing } from "../mount/timeline.ts";
import type { MountParts } from "../assembly/mounts.ts";
import type { Play } from "../mount/plays.ts";
import type { AiringFacts, NextFacts, PlayFacts, TimelineFacts } from "./facts.ts";

/** Titles on a mount's page: the most recent ones heard, and those that can be gone back to. */
const RECENT = 12;

/** Chromium's User-Agent: its burst may be longer. */
const CHROMIUM = { userAgent: "Chrome/1" };

export function timelineFacts(parts: MountParts): TimelineFacts {
  const { mount, audience, artworks } = parts;
  const { writtenSeconds: headSeconds, joinSeconds, timeline, config } = mount;
  const { stationName } = config.metadata;
  const { limitSeconds: rewindLimitSeconds, reachSeconds: rewindSeconds } = mount.rewind;
  const heard = timeline.airings.filter(({ fromSeconds }) => fromSeconds <= joinSeconds);
  const oldest = headSeconds - rewindSeconds;
  const inReach = timeline.airings.findLastIndex(({ fromSeconds }) => fromSeconds <= oldest);
  const recent = Math.max(0, heard.length - RECENT);
  const airings = timeline.airings
    .slice(rewindSeconds === 0 ? recent : Math.min(recent, Math.max(0, inReach)))
    .map((airing) => airingFacts(airing, stationName, artworks));
  const chromiumBurstSeconds = audience.burstSecondsFor(CHROMIUM);
  const chromiumJoinSeconds = timeline.settled(mount.rewind.joinSeconds(chromiumBurstSeconds));
  const chromium = { chromiumJoinSeconds, chromiumBurstSeconds };
  const { burstSeconds } = config.buffer;
  const recordedSeconds = mount.rewind.recordedSeconds(mount.sounding);
  const rewind = { rewindSeconds, rewindLimitSeconds, recordedSeconds };
  const next = nextFacts(parts);
  return { headSeconds, joinSeconds, burstSeconds, ...chromium, ...rewind, airings, next };
}

/** null while no playlist is on air. */
function nextFacts({ mount, artworks }: MountParts): NextFacts | null {
  const next = mount.onAir?.player?.next ?? null;
  if (next === null) return null;
  const { title, artist, album = "" } = next.metadata;
  return { title, artist, album, seconds: next.seconds, artworkId: artworks.idOfFile(next.path) };
}

export function playFacts({ id, airing, startedMs, endedMs }: Play, parts: MountParts): PlayFacts {
  const { mount, artworks } = parts;
  const facts = airingFacts(airing, mount.config.metadata.stationName, artworks);
  return { ...facts, id, startedMs, endedMs };
}

function airingFacts(airing: Airing, stationName: string, artworks: Artworks): AiringFacts {
  const { fromSeconds, kind, metadata, seconds, playedSeconds } = airing;
  const { title, artist, album = "" } = metadata;
  const dj = djName(airing.showName, stationName);
  const artworkId = artworks.idOf(airing);
  const facts = { fromSeconds, onAir: kind, dj, title, artist, album, seconds, artworkId };
  return playedSeconds === undefined ? facts : { ...facts, playedSeconds };
}

/** Default names that encoders send if none is set. */
const UNNAMED =
  /^(\(?null\)?|no name|untitled|unknown|(unnamed|unspecified|default)\b.*|(this is )?my (station|radio|server|stream)( name)?)$/i;

/** A show named like the station does not name a DJ. */
function djName(showName: string, stationName: string): string {
  const name = showName.trim();
  return name === stationName || UNNAMED.test(name) ? "" : name;
}
