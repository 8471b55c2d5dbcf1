// The header pages of the chain of Ogg in which a place of a recording lies.
import { OGG_BOS, OGG_HEAD_BYTES, oggFieldsOf } from "../../format/ogg/ogg-page.ts";
import { taggedOggPreamble } from "../../format/ogg/ogg-tags.ts";
import { StoredPages } from "../../format/ogg/stored-pages.ts";
import type { OpenFile } from "../../lib/open-file.ts";
import type { Past, RecordedPlace } from "../../mount/past.ts";

const READ_BYTES = 32 << 10;

/** The head of a file: headers of a chain, with the recording's own comments. */
const MOST_HEAD_BYTES = 1 << 20;

/** Between two places of a file whose moments are known. */
const MOST_SEARCHED_BYTES = 16 << 20;

/** Empty if the chain begins at the place, so that its headers follow. Rejects when the disk fails, or they are not found. */
export async function headersAt(
  past: Past,
  place: RecordedPlace,
  file: OpenFile,
): Promise<Uint8Array> {
  if (place.headBytes > MOST_HEAD_BYTES) throw new Error("the recording's head is too long");
  const [here, head] = [await pageAt(file, place.byte), await read(file, 0, place.headBytes)];
  if (here === null) return head;
  if ((here.flags & OGG_BOS) !== 0) return new Uint8Array(0);
  if (here.serial === oggFieldsOf(head).serial) return titledHead(past, place, head);
  return headersOf(here.serial, await chainStart(past, place, file, here.serial), file);
}

/** With the title that was heard: the file's own comments name the recording. */
async function titledHead(past: Past, place: RecordedPlace, head: Uint8Array) {
  const [first] = await past.titles(place);
  if (first === undefined) return head;
  const fields = { TITLE: first.title, ARTIST: first.artist, ALBUM: "", DATE: "" };
  return taggedOggPreamble(head, fields, false)?.bytes ?? head;
}

/** A known place before the chain's first page, with nothing else between than the end of the chain before. */
async function chainStart(past: Past, place: RecordedPlace, file: OpenFile, serial: number) {
  const marks = (await past.marks(place)).filter((byte) => byte <= place.byte);
  let [from, to] = [0, marks.length];
  // A chain is in one piece, so the marks within it are the last of these.
  while (from < to) {
    const middle = (from + to) >> 1;
    const page = await pageAt(file, marks[middle] ?? place.headBytes);
    if (page?.serial === serial) to = middle;
    else from = middle + 1;
  }
  return marks[from - 1] ?? place.headBytes;
}

async function headersOf(serial: number, from: number, file: OpenFile): Promise<Uint8Array> {
  const pages = new StoredPages(null);
  for (let at = from; at < from + MOST_SEARCHED_BYTES; at += READ_BYTES) {
    const bytes = await read(file, at, READ_BYTES);
    const own = pages.push(bytes).filter((page) => page.serial === serial);
    const whole = own.find(({ headers }) => headers.length > 0);
    if (whole !== undefined) return whole.headers;
    if (bytes.length < READ_BYTES) break;
  }
  throw new Error("the recording has no headers for its audio");
}

/** null at the end of the file. */
async function pageAt(file: OpenFile, byte: number) {
  const bytes = await read(file, byte, OGG_HEAD_BYTES);
  return bytes.length < OGG_HEAD_BYTES ? null : oggFieldsOf(bytes);
}

async function read(file: OpenFile, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let got = 0;
  while (got < length) {
    const part = Math.min(READ_BYTES, length - got);
    const { bytesRead } = await file.read(bytes, got, part, at + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}
