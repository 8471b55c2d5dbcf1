// The gain and the title that an Ogg stream gets in its headers: the gain by its comments or by what was measured, for Opus has
// a field for it.
import type { PlaylistConfig } from "../../config/config.ts";
import type { StreamMetadata } from "../../format/frame.ts";
import type { OggOptions } from "../../format/ogg/ogg.ts";
import { bestLevel, gainDb, type Level } from "./level.ts";
import { levelOfTexts } from "./level-tags.ts";

interface Wanted {
  readonly loudness: PlaylistConfig["loudness"];
  readonly measured: Level | null;
}

export class HeaderGain {
  /** dB; null before the comments were read. */
  decibels: number | null = null;

  /** `title`: for listeners of streams without one of their own. */
  constructor(
    private readonly wanted: Wanted,
    private readonly title: StreamMetadata | null,
  ) {}

  /** For a parser. */
  get options(): OggOptions {
    return { gainOf: (texts) => this.read(texts), title: this.title };
  }

  /** Names and texts of comments. */
  read(texts: readonly (readonly [string, string])[]): number {
    const { loudness, measured } = this.wanted;
    this.decibels = gainDb(bestLevel(levelOfTexts(texts), measured), loudness);
    return this.decibels;
  }
}
