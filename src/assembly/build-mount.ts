// One mount put together: its inputs, its audience, and who follows its events. A new kind of input is a line here.
import type { Config, MountConfig } from "../config/config.ts";
import type { AudioWindow, WindowMeter } from "../convert/window-meter.ts";
import type { HeardWindow } from "../convert/job.ts";
import type { Disk } from "../disk/disk.ts";
import type { Disks } from "../disk/disks.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Catalogue } from "../library/catalogue.ts";
import { Audience } from "../output/audience/audience.ts";
import type { Fallbacks } from "../output/audience/fallbacks.ts";
import type { AudienceContext } from "../output/audience/listener.ts";
import type { MountEvents } from "../mount/events.ts";
import { Mount } from "../mount/mount.ts";
import { DirectoryListing } from "../directory/directory-listing.ts";
import { Plays } from "../mount/plays.ts";
import type { Input } from "../mount/roles.ts";
import type { Airing } from "../mount/timeline.ts";
import { type MountParts, Mounts } from "./mounts.ts";
import type { Copying } from "../input/playlist/conversions.ts";
import type { Artworks } from "../input/playlist/artworks.ts";
import type { StreamFormat } from "../format/frame.ts";
import { ClipFile } from "../input/clip/clip-file.ts";
import { DeadAir } from "../input/live/dead-air.ts";
import { LiveLoudness } from "../input/live/live-loudness.ts";
import { PlaylistFeeder } from "../input/playlist/feeder.ts";
import { Introductions } from "../output/audience/introductions.ts";
import { Replays } from "../output/audience/replays.ts";
import { playOutro } from "../output/outro.ts";
import { Pushes } from "../output/push/pushes.ts";
import { Playlist } from "../input/playlist/playlist.ts";
import { Silence } from "../input/silence.ts";
import { followMount } from "./follow-mount.ts";
import { type HlsContext, HlsStream } from "../hls/hls-stream.ts";
import type { Journal } from "../journal/journal.ts";

/** What the mounts of a station share. */
export interface Shared {
  readonly chunkSize: () => number;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  /** The same, but never the same twice. */
  readonly moments: Clock;
  readonly log: Log;
  readonly disks: Disks;
  readonly artworks: Artworks;
  /** null: nothing outlasts a restart. */
  readonly catalogue: Catalogue | null;
  /** null: files that do not fit are skipped. */
  readonly copying: Copying | null;
  /** Of live sources. */
  readonly meter: WindowMeter;
  readonly fallbacks: Fallbacks;
  readonly journal: Journal;
  readonly hls: HlsContext;
  readonly context: AudienceContext;
  /** What pages show of a mount has changed. */
  readonly onStatus: () => void;
}

type BuildInput = (mount: Mount, shared: Shared) => Input | null;

/** The inputs that every configured mount has; source clients come by themselves. A new kind of input is a line here. */
const INPUTS: readonly BuildInput[] = [
  (mount, shared) => (hasPlaylist(mount.config) ? feeder(mount, shared) : null),
  (mount) => new Silence(mount),
];

function hasPlaylist({ playlist: { directory, file } }: MountConfig): boolean {
  return directory !== "" || file !== "";
}

function feeder(mount: Mount, shared: Shared): Input {
  return new PlaylistFeeder(mount, () => buildPlaylist(mount, shared));
}

/** Gives the mount other settings, and a playlist or none as they say. */
export function reconfigureMount({ mount }: MountParts, next: MountConfig, shared: Shared): void {
  const before = mount.inputs.find(({ kind }) => kind === "playlist");
  if (before !== undefined && !hasPlaylist(next)) {
    mount.detach(before, shared.clock.nowMs());
    void before.close?.("it is not configured any more");
  }
  mount.reconfigure(next);
  if (before === undefined && hasPlaylist(next)) addPlaylist(mount, shared);
}

function addPlaylist(mount: Mount, shared: Shared): void {
  const input = feeder(mount, shared);
  mount.attach(input);
  void input.prepare?.();
}

/** Those of a mount that mirrors another server's, beside its relay. */
export const MIRROR_INPUTS: readonly BuildInput[] = [(mount) => new Silence(mount)];

/** What changes what pages show. */
const STATUS_EVENTS: readonly (keyof MountEvents)[] = [
  "inputs",
  "tracks",
  "bitrate",
  "onAir",
  "silent",
  "titleWritten",
  "titleHeard",
  "format",
  "pushes",
];

/** In the order of the configuration; throws like buildMount(). */
export function buildMounts(configs: Config["mounts"], shared: Shared): Mounts {
  const [first, ...others] = configs;
  const mounts = new Mounts(buildMount(first, shared));
  for (const config of others) mounts.add(buildMount(config, shared));
  return mounts;
}

/** Throws CoreLibraryError or RangeError when the core or the ring's memory is not to be had. */
export function buildMount(config: MountConfig, shared: Shared, inputs = INPUTS): MountParts {
  const { artworks, clock, wall, log } = shared;
  const mount = new Mount(config, log, wall);
  for (const build of inputs) {
    const input = build(mount, shared);
    if (input !== null) mount.attach(input);
  }
  const audience = new Audience(mount, shared.chunkSize, clock, shared.context);
  const measure = (window: AudioWindow) => shared.meter.measure(window);
  const loudness = new LiveLoudness(config.path, measure, clock);
  const plays = new Plays(shared.moments);
  watchSilence(mount, measure);
  const pushes = new Pushes(mount, { clock });
  const hls = new HlsStream(mount, shared.hls);
  const listing = new DirectoryListing();
  const introductions = new Introductions(audience, clipsOf(mount, "intro", shared), clock);
  audience.introducer = new Replays(audience, introductions, clock);
  const outroIn = clipsOf(mount, "outro", shared);
  const outro = () => {
    const clip = mount.sounding === null ? null : outroIn(mount.sounding);
    return clip === null ? null : playOutro(audience, clip, clock);
  };
  const parts = { mount, audience, artworks, loudness, plays, pushes, hls, listing, outro };
  subscribe(parts, shared);
  return parts;
}

/** The file that a key of the mount names, in the formats that the mount plays; it may be another after a reload. */
function clipsOf(mount: Mount, key: "intro" | "outro", { disks, copying, clock }: Shared) {
  const disk = (folder: string) =>
    disks.at(folder, `the folder of the ${key} ${folder}`, mount.log);
  const sources = { disk, copying, clock };
  let file: ClipFile | null = null;
  const clipIn = (format: StreamFormat) => {
    const path = mount.config[key];
    if (path === "") return null;
    if (file?.path !== path) file = new ClipFile(key, path, () => mount.config, mount.log, sources);
    return file.in(format);
  };
  // It is to be ready before the first listener comes.
  mount.events.on("frames", () => mount.sounding !== null && clipIn(mount.sounding));
  return clipIn;
}

function watchSilence(mount: Mount, measure: (window: AudioWindow) => Promise<HeardWindow>): void {
  const deadAir = new DeadAir(mount, measure);
  mount.events.on("arrived", ({ input, frames }) => deadAir.add(input, frames));
  mount.events.on("inputs", ({ inputs }) => deadAir.follow(inputs));
}

/** The playlist as the mount's configuration has it now. */
function buildPlaylist(mount: Mount, { disks, catalogue, copying }: Shared): Playlist {
  const { playlist, path } = mount.config;
  const disk = musicDisk(mount, disks);
  return new Playlist(playlist, mount.log, disk, path, catalogue, copying);
}

function musicDisk({ config, log }: Mount, disks: Disks): Disk {
  const { directory, file } = config.playlist;
  if (file !== "") return disks.at(file, `the playlist file ${file}`, log);
  return disks.at(directory, `the playlist directory ${directory}`, log);
}

function subscribe(
  { mount, audience, artworks, loudness, plays }: MountParts,
  shared: Shared,
): void {
  const { fallbacks, clock, disks } = shared;
  const { events } = mount;
  plays.follow(events);
  let lookedAhead: string | undefined;
  const lookAhead = async () => {
    const next = mount.onAir?.player?.next?.path;
    if (next === undefined || next === lookedAhead) return;
    lookedAhead = next;
    await artworks.lookAhead(next, musicDisk(mount, disks));
  };
  const lookForPictures = async (airing: Airing) => {
    lookedAhead = undefined;
    // Its folder would be none.
    if (!hasPlaylist(mount.config)) return;
    await artworks.look(airing, musicDisk(mount, disks));
    await lookAhead();
  };
  fallbacks.setPath(mount.path, mount.config.fallback);
  for (const event of ["onAir", "inputs"] as const)
    events.on(event, () => fallbacks.follow(audience));
  events.on("format", () => fallbacks.followFormat(audience));
  events.on("silent", ({ input }) => {
    // Where it stays on air its listeners move, or come back.
    if (mount.isOnAir(input, clock.nowMs())) fallbacks.follow(audience);
  });
  events.on("titleWritten", (airing) => {
    void lookForPictures(airing);
  });
  // A scan may find out only later what comes next.
  events.on("tracks", () => void lookAhead());
  events.on("frames", ({ input, frames }) => loudness.add(input, frames));
  events.on("inputs", ({ inputs }) => loudness.follow(inputs));
  followMount(mount, shared);
  for (const event of STATUS_EVENTS) events.on(event, shared.onStatus);
}
