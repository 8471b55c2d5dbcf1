// What a client gets before its audio: the type of the stream, the distance of inline titles, the burst.
import { contentTypeOf, hasInlineTitles } from "../../format/content-type.ts";
import type { Mount } from "../../mount/mount.ts";
import { burstFor } from "./burst.ts";
import type { ListenerClient } from "./listener.ts";

/** Less than a frame has, so that an edge knows which frame a title begins with. */
const MEMBER_METAINT = 128;

/** Until the mount has played something; silence is MP3. */
const DEFAULT_CONTENT_TYPE = "audio/mpeg";

export function contentTypeFor({ sounding }: Mount): string {
  return sounding === null ? DEFAULT_CONTENT_TYPE : contentTypeOf(sounding);
}

/** 0 if inline titles are not requested, disabled, or would corrupt the format. */
export function metaintFor({ sounding, config }: Mount, client: ListenerClient): number {
  const { wantsIcy, session } = client;
  const { enableIcy, icyMetaint } = config.metadata;
  if (!wantsIcy || (sounding !== null && !hasInlineTitles(sounding))) return 0;
  if (session?.isMember === true) return MEMBER_METAINT;
  return enableIcy ? icyMetaint : 0;
}

/** The burst for this client, as far as that much is held. */
export function burstSecondsFor(mount: Mount, userAgent: string): number {
  return burstFor(userAgent, mount.config.buffer, mount.onAir?.bitrate ?? 0);
}
