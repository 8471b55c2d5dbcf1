// Whether two tracks are meant to be played without a fade between them, by their tags.
import { dirname } from "node:path";
import type { IAudioMetadata } from "music-metadata";
import { systemPath } from "../lib/path-text.ts";

/**
 * True if the first says that it is part of a gapless album (iTunes' iTunPGAP and pgap, ITUNESGAPLESS), or if the second
 * follows it on the same album: same folder, album and disc, next track number. Never rejects.
 */
export async function areContinuous(a: string, b: string): Promise<boolean> {
  const one = await tagsOf(a);
  if (one === null) return false;
  if (isGapless(one)) return true;
  if (dirname(a) !== dirname(b)) return false;
  const two = await tagsOf(b);
  return two !== null && isNext(one, two);
}

async function tagsOf(path: string): Promise<IAudioMetadata | null> {
  const plain = systemPath(path);
  if (typeof plain !== "string") return null;
  try {
    const { parseFile } = await import("music-metadata");
    return await parseFile(plain, { skipCovers: true, duration: false });
  } catch {
    // Broken tags are no reason not to play.
    return null;
  }
}

function isGapless({ common, native }: IAudioMetadata): boolean {
  if (common.gapless === true) return true;
  const tags = Object.values(native).flat();
  return tags.some(({ id, value }) => /ITUNESGAPLESS$/i.test(id) && String(value) === "1");
}

function isNext({ common: one }: IAudioMetadata, { common: two }: IAudioMetadata): boolean {
  const [before, after] = [one.track.no, two.track.no];
  if (before === null || after === null || one.album === undefined) return false;
  return one.album === two.album && one.disk.no === two.disk.no && after === before + 1;
}
