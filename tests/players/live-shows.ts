// A DJ for each mount: on air for a show, off air for as long, with a title for each song as it begins.
import { createParser } from "../../src/format/create-parser.ts";
import { FRAME_WORDS } from "../../src/format/frame.ts";
import { PASSWORD } from "../support/config.ts";
import { Wire } from "../support/wire.ts";
import { ARTIST, CODECS, type CodecName, SONG_SECONDS, titleOf } from "./songs.ts";

/** A whole frame of a show, or page. */
interface Piece {
  readonly bytes: Uint8Array;
  /** Seconds since the show's begin at which it begins. */
  readonly at: number;
}

const STEP_MS = 50;
const AGAIN_MS = 250;

/** Cuts a file into what a source sends at a time. */
function piecesOf(codec: CodecName, file: Uint8Array): Piece[] {
  const parser = createParser(codec === "mp3" || codec === "aac" ? codec : "ogg");
  if (parser === null) throw new Error(`no parser for ${codec}`);
  const pieces: Piece[] = [];
  let at = 0;
  let samples = 0;
  const take = ({ bytes, table, samples: lengths, count }: ReturnType<typeof parser.push>) => {
    let from = 0;
    for (let i = 0; i < count; i++) {
      const to = from + (table[i * FRAME_WORDS] ?? 0);
      pieces.push({ bytes: bytes.slice(from, to), at });
      samples += lengths[i] ?? 0;
      at = samples / (parser.format?.sampleRate ?? 1);
      from = to;
    }
  };
  for (let frames = parser.push(file); frames.count > 0; frames = parser.next()) take(frames);
  take(parser.end());
  return pieces;
}

/** Where the DJ sends to; titles go to the other port. */
export interface Studio {
  readonly sourcePort: number;
  readonly url: string;
  readonly path: string;
  readonly codec: CodecName;
}

async function login({ sourcePort, path, codec }: Studio): Promise<Wire | null> {
  const wire = await Wire.open(sourcePort).catch(() => null);
  if (wire === null) return null;
  const credentials = btoa(`source:${PASSWORD}`);
  wire.send(
    `PUT ${path} HTTP/1.1\r\nHost: test\r\nAuthorization: Basic ${credentials}\r\n` +
      `Content-Type: ${CODECS[codec].type}\r\nExpect: 100-continue\r\nUser-Agent: DJ\r\n\r\n`,
  );
  for (let i = 0; i < 100 && wire.length === 0 && !wire.isClosed; i++) await Bun.sleep(20);
  if (wire.text.includes(" 100 ") || wire.text.includes(" 200 ")) return wire;
  wire[Symbol.dispose]();
  return null;
}

async function setTitle({ url, path }: Studio, song: number): Promise<void> {
  const query = new URLSearchParams({
    mode: "updinfo",
    mount: path,
    song: `${ARTIST} - ${titleOf(song)}`,
  });
  const authorization = `Basic ${btoa(`source:${PASSWORD}`)}`;
  await fetch(`${url}/admin/metadata?${query}`, { headers: { authorization } })
    .then((answer) => answer.arrayBuffer())
    .catch(() => undefined);
}

/**
 * Sends a show at the speed at which it is heard, until it is over or `end` aborts. A station that restarts gets the rest of
 * it, from the song that is due on.
 */
export async function broadcast(
  studio: Studio,
  songs: readonly number[],
  file: Uint8Array,
  end: AbortSignal,
): Promise<void> {
  const pieces = piecesOf(studio.codec, file);
  const seconds = songs.length * SONG_SECONDS;
  const beganMs = performance.now();
  const now = () => (performance.now() - beganMs) / 1000;
  while (now() < seconds && !end.aborted) {
    using wire = await login(studio);
    if (wire === null) {
      await Bun.sleep(AGAIN_MS);
      continue;
    }
    const heads = pieces.filter(({ at }, i) => at === 0 && (pieces[i + 1]?.at ?? 0) === 0);
    const from = pieces.findIndex(({ at }) => at >= now());
    if (from < 0) return;
    for (const { bytes } of from === 0 ? [] : heads) wire.send(bytes);
    await send(studio, songs, pieces.slice(from), { wire, now, end });
  }
}

interface Sending {
  readonly wire: Wire;
  readonly now: () => number;
  readonly end: AbortSignal;
}

async function send(
  studio: Studio,
  songs: readonly number[],
  pieces: readonly Piece[],
  { wire, now, end }: Sending,
): Promise<void> {
  let titled = -1;
  for (let next = 0; next < pieces.length && !wire.isClosed && !end.aborted;) {
    for (; next < pieces.length && (pieces[next]?.at ?? 0) <= now(); next++) {
      const { bytes, at } = pieces[next] ?? { bytes: "", at: 0 };
      const index = Math.floor(at / SONG_SECONDS + 1e-6);
      if (index !== titled) void setTitle(studio, songs[index] ?? 0);
      titled = index;
      wire.send(bytes);
    }
    await Bun.sleep(STEP_MS);
  }
}
