// The gain that an Ogg stream gets in its header, by its comments or by what was measured: Opus has a field for it.
import type { PlaylistConfig } from "../../config/config.ts";
import { bestLevel, gainDb, type Level } from "./level.ts";
import { levelOfTexts } from "./level-tags.ts";

interface Wanted {
  readonly loudness: PlaylistConfig["loudness"];
  readonly measured: Level | null;
}

export class HeaderGain {
  /** dB; null before the comments were read. */
  decibels: number | null = null;

  constructor(private readonly wanted: Wanted) {}

  /** Names and texts of comments. */
  read(texts: readonly (readonly [string, string])[]): number {
    const { loudness, measured } = this.wanted;
    this.decibels = gainDb(bestLevel(levelOfTexts(texts), measured), loudness);
    return this.decibels;
  }
}
