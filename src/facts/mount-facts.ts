// The facts about one mount, each collected from its parts when it is asked for.
import type { ListingFacts } from "../directory/directory-listing.ts";
import type { StreamFormat } from "../format/frame.ts";
import { NO_PROGRESS } from "../library/state.ts";
import { type Metadata, NO_METADATA, titleLine } from "../mount/metadata.ts";
import type { InputKind, TrackList } from "../mount/roles.ts";
import type { MountParts } from "../assembly/mounts.ts";
import { hasProgramme } from "../output/audience/fallbacks.ts";
import { AudienceNode, type Shared } from "./audience-node.ts";
import type { InputFacts, SilentFacts } from "./counters.ts";
import type {
  AiringFacts,
  BufferFacts,
  MountFacts,
  NextFacts,
  PlayFacts,
  PlaylistFacts,
  TimelineFacts,
} from "./facts.ts";
import { isOffered } from "./offered.ts";
import { lazy } from "./lazy.ts";
import type { PushFacts } from "./push-facts.ts";
import { type SourceFacts, sourceFacts, type WaitingFacts, waitingFacts } from "./source-facts.ts";
import { playFacts, timelineFacts } from "./timeline-facts.ts";

export class MountNode extends AudienceNode implements MountFacts {
  readonly #timeline: () => TimelineFacts;
  readonly #heard: () => Metadata;

  constructor(parts: MountParts, shared: Shared) {
    super(parts, shared);
    this.#timeline = lazy(() => timelineFacts(parts));
    this.#heard = lazy(() => parts.mount.heard);
  }

  get path(): string {
    return this.parts.mount.path;
  }

  get stationName(): string {
    return this.#metadata.stationName;
  }

  get stationDescription(): string {
    return this.#metadata.stationDescription;
  }

  get stationGenre(): string {
    return this.#metadata.stationGenre;
  }

  get stationUrl(): string {
    return this.#metadata.stationUrl;
  }

  get hasDefaultPassword(): boolean {
    return this.parts.mount.config.sourcePassword.isDefault;
  }

  get group(): string {
    return this.parts.mount.config.group;
  }

  get substitute(): MountFacts["substitute"] {
    const { mount, audience } = this.parts;
    if (hasProgramme(mount)) return null;
    const heard = this.shared.fallbacks.heard(audience).audience;
    if (heard === audience) return null;
    const own = [...heard.members()].filter(({ away }) => away?.includes(mount.path) === true);
    return { path: heard.mount.path, listeners: own.length };
  }

  get fallback(): string {
    return this.shared.fallbacks.of(this.parts.audience)?.mount.path ?? "";
  }

  get codecWithoutHls(): MountFacts["codecWithoutHls"] {
    const { hls, mount } = this.parts;
    return hls.isUnsupported ? (mount.sounding?.codec ?? null) : null;
  }

  get pushes(): readonly PushFacts[] {
    return this.parts.pushes.states.map(({ sinceMs, ...state }) => {
      return { ...state, seconds: wholeSeconds(this.shared.nowMs - sinceMs) };
    });
  }

  get hasSource(): boolean {
    return this.parts.mount.live !== null;
  }

  get onAir(): InputKind {
    return this.parts.mount.onAir?.kind ?? "silence";
  }

  get inputs(): readonly InputFacts[] {
    const { inputs, onAir } = this.parts.mount;
    return inputs.map(({ kind, relay }, at) => {
      const isOnAir = inputs[at] === onAir;
      return relay === undefined ? { kind, isOnAir } : { kind, isOnAir, relay };
    });
  }

  get silentInputs(): readonly SilentFacts[] {
    const { inputs, onAir } = this.parts.mount;
    const silent = inputs.filter(({ isSilent }) => isSilent === true);
    return silent.map((input) => ({ name: input.name, isOnAir: input === onAir }));
  }

  get sinceMs(): number {
    return this.shared.wallMs - (this.shared.nowMs - this.parts.mount.onAirMs);
  }

  get onAirSeconds(): number {
    return wholeSeconds(this.shared.nowMs - this.parts.mount.onAirMs);
  }

  get isUp(): boolean {
    const { live, onAir } = this.parts.mount;
    return live !== null || (onAir !== null && !onAir.isFiller) || isOffered(this);
  }

  get artist(): string {
    return this.#heard().artist;
  }

  get title(): string {
    return this.#heard().title;
  }

  get album(): string {
    return this.#heard().album ?? "";
  }

  get durationSeconds(): number | null {
    return this.#airing?.seconds ?? null;
  }

  get elapsedSeconds(): number | null {
    if (this.#airing === undefined || this.#airing.onAir === "silence") return null;
    const { seconds, playedSeconds = 0 } = this.#airing;
    return Math.min(
      seconds ?? Number.POSITIVE_INFINITY,
      this.#heardSeconds(this.#airing) + playedSeconds,
    );
  }

  /** By the clock: the burst position stands still while a source is expected back, and behind a change of format, and
   * those who listen hear the title go on. Never less than one who joins now hears, nor more than was written. */
  #heardSeconds({ fromSeconds }: AiringFacts): number {
    const { joinSeconds, headSeconds } = this.timeline;
    const play = this.parts.plays.current;
    if (play?.airing.fromSeconds !== fromSeconds) return joinSeconds - fromSeconds;
    const sinceSeconds = (this.shared.wallMs - play.startedMs) / 1000;
    return Math.max(joinSeconds - fromSeconds, Math.min(sinceSeconds, headSeconds - fromSeconds));
  }

  get startedMs(): number | null {
    const { elapsedSeconds } = this;
    return elapsedSeconds === null ? null : this.shared.wallMs - elapsedSeconds * 1000;
  }

  get next(): NextFacts | null {
    const { airings, joinSeconds, next } = this.timeline;
    // What is written already and not heard yet.
    const ahead = airings.find(({ fromSeconds }) => fromSeconds > joinSeconds);
    if (ahead !== undefined) return ahead.onAir === "playlist" ? ahead : null;
    return next;
  }

  get play(): PlayFacts | null {
    const { current } = this.parts.plays;
    return current === null ? null : playFacts(current, this.parts);
  }

  get listing(): ListingFacts {
    return this.parts.listing.facts;
  }

  get liveSinceMs(): number | null {
    return this.parts.plays.liveSinceMs;
  }

  plays(count: number, beforeMs?: number): readonly PlayFacts[] {
    return this.parts.plays.recent(count, beforeMs).map((play) => playFacts(play, this.parts));
  }

  get titleLine(): string {
    return titleLine(this.#heard());
  }

  get dj(): string {
    return this.#airing?.dj ?? "";
  }

  get artworkId(): string | null {
    return this.#airing?.artworkId ?? null;
  }

  get written(): Metadata {
    return this.parts.mount.metadata;
  }

  get format(): StreamFormat | null {
    const { mount } = this.parts;
    return mount.onAir?.format ?? mount.format;
  }

  get contentType(): string {
    return this.parts.audience.contentType;
  }

  get bitrate(): number {
    return this.parts.mount.onAir?.bitrate ?? 0;
  }

  get garbageBytes(): number {
    const { live, garbageBytes } = this.parts.mount;
    return garbageBytes + (live?.feed?.garbageBytes ?? 0);
  }

  get source(): SourceFacts | null {
    return sourceFacts(this.parts, this.shared);
  }

  get waiting(): readonly WaitingFacts[] {
    return waitingFacts(this.parts, this.shared.nowMs);
  }

  get flapping(): readonly string[] {
    return this.parts.mount.drops.flapping(this.shared.nowMs);
  }

  get playlist(): PlaylistFacts {
    return playlistFacts(this.parts);
  }

  get buffer(): BufferFacts {
    const { head, tail, capacity } = this.parts.mount.ring;
    return { available: head - tail, space: capacity - (head - tail) };
  }

  get timeline(): TimelineFacts {
    return this.#timeline();
  }

  get #metadata() {
    return this.parts.mount.config.metadata;
  }

  /** The title at the burst position. */
  get #airing(): AiringFacts | undefined {
    const { airings, joinSeconds } = this.timeline;
    return airings.findLast(({ fromSeconds }) => fromSeconds <= joinSeconds);
  }
}

function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}

/** For a mount that plays no files. */
const NO_FILES: TrackList = {
  count: 0,
  skippedCount: 0,
  isKnown: true,
  reasons: new Map(),
  unreadable: new Map(),
  unreadableCount: 0,
  passedOver: new Map(),
  tooDeep: [],
  silent: [],
  isCutOff: false,
  unansweredSeconds: 0,
};

function playlistFacts({ mount }: MountParts): PlaylistFacts {
  const { directory, shuffle } = mount.config.playlist;
  const { player } = mount;
  return {
    directory,
    shuffle,
    files: player?.tracks ?? NO_FILES,
    heardFile: player?.heardFile ?? null,
    sound: player?.sound ?? null,
    ...(player?.metadata ?? NO_METADATA),
    progress: player?.progress ?? { ...NO_PROGRESS, secondsLeft: 0 },
    upcoming: (count) => player?.upcoming(count) ?? [],
    ahead: (count) => player?.ahead(count) ?? [],
  };
}
