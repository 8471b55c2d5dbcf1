// Decodes what a listener of AAC or Ogg got, as players do: chain after chain.
import { OGG_BOS, oggPageLength, oggFieldsOf } from "../../src/format/ogg/ogg-page.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import type { Recording } from "./tones.ts";

const RAW = "-ar 44100 -ac 2 -f f32le -".split(" ");

/** The stream divided where chains begin; AAC has none. A page that is cut off is left out. */
export function chainsOf(stream: Uint8Array): Uint8Array[] {
  const chains: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at < stream.length;) {
    const length = oggPageLength(stream, at) ?? 0;
    if (length === 0 && at === 0) return [stream];
    if (length === 0 || at + length > stream.length) return [...chains, stream.subarray(start, at)];
    const { flags } = oggFieldsOf(stream.subarray(at, at + length));
    if ((flags & OGG_BOS) !== 0 && at > 0) chains.push(stream.subarray(start, at));
    if ((flags & OGG_BOS) !== 0) start = at;
    at += length;
  }
  return [...chains, stream.subarray(start)];
}

/** Two channels in turn, 44.1 kHz. */
export async function decodeStream(stream: Uint8Array): Promise<Recording> {
  const decoded: Uint8Array[] = [];
  for (const chain of chainsOf(stream))
    decoded.push(await run(["ffmpeg", "-v", "error", "-i", "-", ...RAW], chain));
  return new Float32Array(Buffer.concat(decoded).buffer.slice(0));
}
