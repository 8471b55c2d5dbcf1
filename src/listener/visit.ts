// What a request for a stream asks for, whichever door it came through.

/** Who asks for no more bytes than that looks whether there is a stream, and goes: nobody listens. */
const PROBE_BYTES = 100;

/** A probe that does not go by itself is closed. */
export const PROBE_MS = 2000;

export const FULL =
  "The station is full: every listener's place is taken. Please try again in a minute.\n";

/** `Range: bytes=0-1` and the like; `bytes=0-` is how players ask for the stream. */
export function isProbe(rangeHeader: string): boolean {
  const range = /^bytes=(\d+)-(\d+)$/i.exec(rangeHeader.trim());
  return range !== null && Number(range[2]) - Number(range[1]) < PROBE_BYTES;
}

/** By the header Icy-MetaData, as Icecast reads it. */
export function wantsTitles(icyHeader: string): boolean {
  return Number.parseInt(icyHeader, 10) > 0;
}
