// Pure: the bitrate that an encoder declares, in the headers of libshout, BUTT and others.
import type { Fields } from "../../wire/fields.ts";

/** Higher values are mistakes. */
const MAX_BITRATE = 10_000;

/** kbit/s; 0 if the encoder declares none, or a quality instead. */
export function declaredBitrate(headers: Fields): number {
  const info = headers.get("ice-audio-info") ?? "";
  const said =
    headers.get("ice-bitrate") ??
    headers.get("icy-br") ??
    /(?:^|;)\s*(?:ice-)?bitrate=([^;]*)/i.exec(info)?.[1] ??
    "";
  const bitrate = /^\s*(\d{1,5})\s*(?:,|$)/.exec(said)?.[1] ?? "0";
  return Number(bitrate) <= MAX_BITRATE ? Number(bitrate) : 0;
}
