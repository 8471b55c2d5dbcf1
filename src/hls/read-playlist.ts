// Pure: what a media playlist of another server lists.

export interface ReadSegment {
  readonly sequence: number;
  readonly seconds: number;
  /** Time of day at which it begins, in milliseconds since 1970; 0 if that is not said. */
  readonly wallMs: number;
}

export interface ReadPlaylist {
  readonly targetSeconds: number;
  readonly segments: readonly ReadSegment[];
}

const NUMBER = /^(\d+(?:\.\d+)?)/;

/** Lists that are no media playlist are empty. */
export function readPlaylist(text: string): ReadPlaylist {
  const segments: ReadSegment[] = [];
  let [targetSeconds, sequence, seconds, wallMs] = [0, 0, 0, 0];
  for (const line of text.split("\n")) {
    const value = line.slice(line.indexOf(":") + 1);
    if (line.startsWith("#EXT-X-TARGETDURATION:")) targetSeconds = numberIn(value);
    else if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) sequence = numberIn(value);
    else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) wallMs = Date.parse(value) || 0;
    else if (line.startsWith("#EXTINF:")) seconds = numberIn(value);
    else if (line !== "" && !line.startsWith("#")) {
      segments.push({ sequence: sequence++, seconds, wallMs });
      wallMs += seconds * 1000;
    }
  }
  return { targetSeconds, segments };
}

function numberIn(text: string): number {
  return Number(NUMBER.exec(text)?.[1] ?? 0);
}
