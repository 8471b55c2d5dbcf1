// The files of a mount by their names, as playlists have them: segments, parts and initialization segments.
import type { HlsStream } from "../../hls/hls-stream.ts";
import type { MediaPlaylist } from "../../hls/media-playlist.ts";
import type { MediaFile } from "../../hls/media-segment.ts";
import { partName } from "../../hls/playlist-text.ts";

export interface NamedFile {
  readonly contentType: string;
  /** null if it is not held any more. */
  readonly bytes: () => Uint8Array<ArrayBuffer> | null;
}

/** What the name of a file says. */
export interface FileName {
  readonly run: string;
  /** Index of an initialization segment; null for another file. */
  readonly init: number | null;
  readonly number: number;
  /** Of a part in its segment; null for a whole segment. */
  readonly part: number | null;
  readonly ending: string;
}

const NAME = /^([a-z0-9]+)-(?:init(\d{1,10})\.mp4|(\d{1,10})(?:-(\d{1,4}))?\.(\w+))$/;

/** null: no file has such a name. */
export function readFileName(name: string): FileName | null {
  const found = NAME.exec(name);
  if (found === null) return null;
  const [, run = "", init, number, part, ending = ""] = found;
  const index = (text: string | undefined) => (text === undefined ? null : Number(text));
  return { run, init: index(init), number: Number(number), part: index(part), ending };
}

export function fileNamed(name: FileName, hls: HlsStream): NamedFile | null {
  const { run, init, number, part, ending } = name;
  if (init !== null) return initNamed(run, init, hls);
  const file = part === null ? hls.segment(run, number) : hls.part(run, number, part);
  return file === null ? null : mediaNamed(file, ending, hls);
}

function initNamed(run: string, index: number, hls: HlsStream): NamedFile | null {
  const init = hls.init(run, index);
  return init && { contentType: "audio/mp4", bytes: () => new Uint8Array(init.bytes) };
}

function mediaNamed(file: MediaFile, ending: string, hls: HlsStream): NamedFile | null {
  const { container } = file;
  if (container.ending !== ending) return null;
  return { contentType: container.contentType, bytes: () => hls.bytes(file) };
}

/** It is a part, and not the first one of its segment. */
export function isFurtherPart(name: FileName | null): boolean {
  return (name?.part ?? 0) > 0;
}

/** The playlist that promises a part of this name; null if there is none, or it is there. */
export function playlistHinting(name: string, hls: HlsStream): MediaPlaylist | null {
  const { playlist } = hls;
  const [next, newest] = [playlist?.nextPart ?? null, playlist?.listed.at(-1)];
  if (playlist === null || next === null || newest === undefined) return null;
  return partName(playlist.facts.run, next, newest) === name ? playlist : null;
}
