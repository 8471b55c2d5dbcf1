// The HLS files of another mount, as addressed from those of one.

/** Between a mount's path and the names of its files. */
export const FOLDER = "/hls/";

/** Relative, since a proxy may have put both elsewhere. */
export function folderFrom(path: string, other: string): string {
  const up = "../".repeat(path.split("/").length);
  return `${up}${encodeURI(other.slice(1))}${FOLDER}`;
}
