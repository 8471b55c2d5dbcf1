// What the desk does with a recording.
import { basename } from "node:path";
import { contentTypeOf } from "../../format/content-type.ts";
import type { StreamFormat } from "../../format/frame.ts";
import type { OpenFile } from "../../lib/open-file.ts";
import { within } from "../../lib/within.ts";
import { formatIn } from "../../recording/document.ts";
import { replayPlace } from "../../recording/replay.ts";
import type { Entry } from "../../recording/retention.ts";
import type { Shelf } from "../../recording/shelf.ts";
import type { Station } from "../../station/station.ts";
import { exchangeOf } from "../exchange.ts";
import { fileAnswer } from "../file-answer.ts";

/** A share may not answer at all. */
const MAX_WAIT_MS = 5000;
/** Copying to another disk takes longer than all else. */
const MAX_COPY_MS = 60_000;

export const NO_RECORDING = { error: "There is no such recording." };
const HELD = { error: "The recording is held: release it first." };
const SILENT_DISK = { error: "The disk of the recordings does not answer." };

export interface Found {
  readonly shelf: Shelf;
  readonly entry: Entry;
}

type Outcome = { readonly message: string } | { readonly error: string };

/** Runs what asks the disk, with a sentence for what may go wrong. */
async function attempt(waitMs: number, action: () => Promise<string>): Promise<Outcome> {
  try {
    const message = await within(waitMs, action());
    return message === null ? SILENT_DISK : { message };
  } catch (error) {
    return { error: `The disk refused it: ${error instanceof Error ? error.message : "unknown"}.` };
  }
}

/** RFC 8187 allows fewer letters than encodeURIComponent leaves; an apostrophe ends the name's language. */
export function dispositionOf(path: string, isDownload: boolean): string {
  const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
  const name = encodeURIComponent(basename(path)).replaceAll(/['()*]/g, hex);
  return `${isDownload ? "attachment" : "inline"}; filename*=UTF-8''${name}`;
}

function headersOf(path: string, format: StreamFormat, isDownload: boolean) {
  return {
    "content-type": contentTypeOf(format),
    "content-disposition": dispositionOf(path, isDownload),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

function openedOn({ disk }: Shelf, path: string): Promise<OpenFile | null> {
  return within(
    MAX_WAIT_MS,
    disk.open(path).catch(() => null),
  );
}

export class RecordingActions {
  constructor(private readonly station: Station) {}

  find(id = ""): Found | null {
    return this.station.recordings.find(id);
  }

  /** null if there is no such file any more, or its disk does not answer. */
  async audio(
    { shelf, entry }: Found,
    request: Request,
    isDownload: boolean,
  ): Promise<Response | null> {
    const opened = await openedOn(shelf, entry.path);
    if (opened === null) return null;
    const { size } = await opened.stat();
    const headers = headersOf(entry.path, formatIn(entry.summary), isDownload);
    return fileAnswer(request, opened, size, headers);
  }

  /** What the disk has of a recording that grows; null as above. */
  async growing(id: string, request: Request, isDownload: boolean): Promise<Response | null> {
    const found = this.station.recordings.growing(id);
    if (found === null) return null;
    const { shelf, take } = found;
    const { audioPath, path, suffix, writtenBytes } = take.file;
    const opened = await openedOn(shelf, audioPath);
    if (opened === null) return null;
    const headers = headersOf(path + suffix, take.segment.format, isDownload);
    return fileAnswer(request, opened, writtenBytes, headers);
  }

  hold({ shelf, entry }: Found, isHeld: boolean, request: Request): Promise<Outcome> {
    const name = basename(entry.path);
    return attempt(MAX_WAIT_MS, async () => {
      await shelf.files.hold(entry, isHeld);
      this.#log(request, `${isHeld ? "holds" : "released"} the recording ${entry.path}`);
      return isHeld ? `${name} is held: nothing deletes it.` : `${name} is not held any more.`;
    });
  }

  async remove({ shelf, entry }: Found, request: Request): Promise<Outcome> {
    if (entry.summary.hold) return HELD;
    return attempt(MAX_WAIT_MS, async () => {
      await shelf.files.remove(entry);
      this.#log(request, `deleted the recording ${entry.path}`);
      return `${basename(entry.path)} is deleted.`;
    });
  }

  async replay({ shelf, entry }: Found, request: Request): Promise<Outcome> {
    const mount = this.station.parts(entry.summary.mount)?.mount;
    if (mount === undefined) return NO_RECORDING;
    const place = replayPlace(entry, shelf.directory, mount.config);
    if ("error" in place) return place;
    return attempt(MAX_COPY_MS, async () => {
      await shelf.link(entry, place.path);
      this.#log(request, `put the recording ${entry.path} into the playlist, as ${place.path}`);
      await mount.player?.rescan();
      return `${basename(place.path)} is in the playlist.`;
    });
  }

  #log(request: Request, text: string): void {
    this.station.log.info(`${exchangeOf(request).user} ${text}`);
  }
}
