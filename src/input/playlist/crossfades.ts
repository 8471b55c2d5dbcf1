// Has the crossfades of a playlist made ahead of time: from the track that is read into the one that probably follows.
import { type Codec, describeFormat, type Frames, sameFormat } from "../../format/frame.ts";
import { mergeFrames, splitFrames } from "../../format/frame-slice.ts";
import { createOggParser } from "../../format/ogg/ogg.ts";
import { createMpegParser } from "../../format/sync/mpeg.ts";
import { isInside } from "../../lib/shipped.ts";
import type { Converter, Seam, SeamTrack } from "../../library/converter.ts";
import type { Playable } from "../../library/entry.ts";
import type { Mount } from "../../mount/mount.ts";
import type { Track } from "./track.ts";
import type { TrackSupply } from "./track-supply.ts";

/** What plays between two tracks. */
export interface FadeFrames {
  readonly frames: Frames;
  /** Frames that still count as the first track's. */
  readonly middle: number;
  /** Number of the second track's frame that follows. */
  readonly resume: number;
}

/** A crossfade that is ready. */
export interface Crossfade {
  readonly to: SeamTrack;
  readonly seam: Seam;
}

interface Pair {
  readonly from: Track;
  readonly coming: Playable;
  readonly converter: Converter;
}

export class Crossfades {
  #from: Track | null = null;
  /** What was asked for last, as text, and the path of the second track in it. */
  #asked = "";
  #into = "";
  #ready: Crossfade | null = null;
  #hasSaid = false;

  constructor(
    private readonly mount: Mount,
    private readonly supply: TrackSupply,
  ) {}

  /** Asks for the crossfade at the end of this track, unless that was done. Returns at once. */
  prepare(from: Track): void {
    if (this.mount.config.playlist.crossfade === 0) return;
    if (this.#from !== from) this.#begin(from);
    const { state, copying } = this.supply.playlist;
    const { coming } = state;
    if (coming === null || copying === null || !this.#canFade(from, coming)) return;
    const asked = JSON.stringify({ ...coming, tags: null, seconds: null });
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#into = coming.path;
    if (this.#ready?.to.path !== coming.path) this.#ready = null;
    this.#make({ from, coming, converter: copying.converter }).catch((error: unknown) =>
      this.mount.log.debug(`no crossfade into ${coming.source}: ${String(error)}`),
    );
  }

  /** The crossfade at the end of this track; null while there is none, or the track ends without. */
  after(track: Track): Crossfade | null {
    return track === this.#from ? this.#ready : null;
  }

  /** Another track follows than was expected, or none in time. */
  giveUp(): void {
    this.#ready = null;
  }

  #begin(from: Track): void {
    this.#from = from;
    this.#asked = this.#into = "";
    this.#ready = null;
  }

  #canFade({ path, format }: Track, coming: Playable): boolean {
    // The child process cannot open what is inside the executable.
    if (FADED_CODECS.has(format.codec)) return !isInside(path) && !isInside(coming.path);
    const what = describeFormat(format);
    if (!this.#hasSaid)
      this.mount.log.warn(
        `playlist.crossfade has no effect: only MP3, Vorbis and FLAC are faded, and this is ${what}`,
      );
    this.#hasSaid = true;
    return false;
  }

  async #make({ from, coming, converter }: Pair): Promise<void> {
    const next = await this.supply.peek(coming);
    await next.close();
    const known = this.supply.chosen(from);
    if (known === null || !sameFormat(from.format, next.format)) return;
    const [to, seconds] = [sideOf(next, coming), this.mount.config.playlist.crossfade];
    const seam = await converter.seam({ from: sideOf(from, known), to, seconds });
    // One with better cue points may be under way: until that is ready, this one is.
    if (this.#from === from && this.#into === to.path) this.#ready = { to, seam };
  }
}

function sideOf({ path, version, steps }: Track, known: Playable): SeamTrack {
  const { source, cueIn, cueOut, fadeFrom } = known;
  return { path, source, version, steps, cueIn, cueOut, fadeFrom };
}

/** Codecs whose tracks are faded. */
const FADED_CODECS: ReadonlySet<Codec> = new Set<Codec>(["mp3", "vorbis", "flac"]);

/** null if the crossfade was not made for this track as it is now. */
export function fadeFrames({ to, seam }: Crossfade, into: Track): FadeFrames | null {
  const isSame = to.path === into.path && to.version === into.version && to.steps === into.steps;
  const frames = isSame ? framesOf(seam.audio, into.format.codec === "mp3") : null;
  return frames === null ? null : { frames, middle: seam.middle, resume: seam.resume };
}

function framesOf(audio: Uint8Array, isMp3: boolean): Frames | null {
  const parser = isMp3 ? createMpegParser() : createOggParser();
  const [most, last] = [parser.push(audio), parser.end()];
  if (most.count === 0) return null;
  return mergeFrames(most, [...splitFrames(most), ...splitFrames(last)]);
}
