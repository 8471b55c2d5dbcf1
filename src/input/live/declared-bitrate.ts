// Pure: the bitrate that an encoder says it sends, in the headers that libshout, BUTT and others use for it.
import type { Fields } from "../../wire/fields.ts";

/** Nothing that is listened to has more. */
const MAX_BITRATE = 10_000;

/** kbit/s; 0 when it does not say, or says a quality instead. */
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
