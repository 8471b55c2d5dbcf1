// What a multivariant playlist offers of a mount.
import type { HlsStream } from "./hls-stream.ts";
import type { Variant } from "./playlist-text.ts";

/** The mounts whose streams are variants of each other, the one that was asked for first. `uri`: relative to the playlist
 * of that one. */
export interface Alternative {
  readonly stream: HlsStream;
  /** The folder of its files. */
  readonly uri: string;
}

/** Those that have segments by now. */
export function variantsOf(alternatives: readonly Alternative[]): Variant[] {
  return alternatives.flatMap(({ stream, uri }) => {
    const { playlist } = stream;
    const newest = playlist?.listed.at(-1);
    if (playlist === null || newest === undefined) return [];
    const { bandwidth, averageBandwidth, facts } = playlist;
    const codecs = newest.container.codecs(newest.format);
    return [{ uri: `${uri}${facts.name}.m3u8`, bandwidth, averageBandwidth, codecs }];
  });
}
