// Identifies the codec by the first packet of an Ogg chain.
import { identifyFlac } from "./flac-in-ogg.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { identifyOpus } from "./opus.ts";
import { identifySpeex } from "./speex.ts";
import { identifyVorbis } from "./vorbis.ts";

/** null if it is not playable audio. */
export function identifyOggCodec(packet: Uint8Array): OggCodec | null {
  return (
    identifyVorbis(packet) ?? identifyOpus(packet) ?? identifyFlac(packet) ?? identifySpeex(packet)
  );
}
