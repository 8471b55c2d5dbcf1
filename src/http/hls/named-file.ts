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

const NAME = /^([a-z0-9]+)-(?:init(\d{1,10})\.mp4|(\d{1,10})(?:-(\d{1,4}))?\.(\w+))$/;

export function fileNamed(name: string, hls: HlsStream): NamedFile | null {
  const [, run = "", init, number, index, ending = ""] = NAME.exec(name) ?? [];
  if (init !== undefined) return initNamed(run, Number(init), hls);
  const file =
    index === undefined
      ? hls.segment(run, Number(number))
      : hls.part(run, Number(number), Number(index));
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

const FURTHER_PART = /^\w+-\d+-[1-9]\d*\.\w+$/;

/** It is a part, and not the first one of its segment. */
export function isFurtherPart(name: string): boolean {
  return FURTHER_PART.test(name);
}

/** The playlist that promises a part of this name; null if there is none, or it is there. */
export function playlistHinting(name: string, hls: HlsStream): MediaPlaylist | null {
  const { playlist } = hls;
  const [next, newest] = [playlist?.nextPart ?? null, playlist?.listed.at(-1)];
  if (playlist === null || next === null || newest === undefined) return null;
  return partName(playlist.facts.run, next, newest) === name ? playlist : null;
}
