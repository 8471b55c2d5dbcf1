// Pure: an ID3v2.4 tag of a fixed length, so that it can be written again when more is known.

export interface Tags {
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  /** ISO 8601 without a zone, which ID3 does not have. */
  readonly date: string;
}

export const ID3_BYTES = 2048;

const HEAD_BYTES = 10;
const UTF8 = 3;

/** UTF-16 units of each text: four of them fit in any script. */
const MAX_TEXT_LENGTH = 150;

export function id3Tag({ title, artist, album, date }: Tags): Uint8Array {
  const frames = [
    textFrame("TIT2", title),
    textFrame("TPE1", artist),
    textFrame("TALB", album),
    textFrame("TDRC", date),
  ];
  const tag = new Uint8Array(ID3_BYTES);
  tag.set(Buffer.from("ID3\x04\x00\x00", "latin1"));
  tag.set(syncSafe(ID3_BYTES - HEAD_BYTES), 6);
  tag.set(Buffer.concat(frames), HEAD_BYTES);
  return tag;
}

function textFrame(id: string, text: string): Uint8Array {
  if (text === "") return new Uint8Array(0);
  const value = Buffer.from(text.slice(0, MAX_TEXT_LENGTH).toWellFormed());
  const size = syncSafe(value.length + 1);
  return Buffer.concat([Buffer.from(id), size, Buffer.of(0, 0, UTF8), value]);
}

/** Seven bits a byte. */
function syncSafe(value: number): Uint8Array {
  return Uint8Array.of((value >> 21) & 127, (value >> 14) & 127, (value >> 7) & 127, value & 127);
}
