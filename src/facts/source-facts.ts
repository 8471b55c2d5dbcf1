// The source clients of a mount: the one that is live, and those that wait.
import type { SourceLoudness } from "../input/live/live-loudness.ts";
import { numberOf } from "../mount/input-numbers.ts";
import type { Feed, Input } from "../mount/roles.ts";
import type { MountParts } from "../assembly/mounts.ts";
import type { Drift } from "./drift.ts";

/** Who a source is. */
interface SourceClient {
  /** Never reused. */
  readonly number: number;
  readonly address: string;
  /** The account it logged in to, or "" for the mount's password. */
  readonly user: string;
  readonly userAgent: string;
  /** Why it may not be heard: "no audio", "flapping"; null: it may. */
  readonly held: string | null;
}

/** A source that is connected beside another one. */
export interface WaitingFacts extends SourceClient {
  /** The name it gives its show or DJ, or "". */
  readonly dj: string;
  /** Whole seconds since its first bytes; 0 before. */
  readonly sendingSeconds: number;
}

/** The source client that is logged in: the one on air, else the next. */
export interface SourceFacts extends SourceClient {
  readonly receivedBytes: number;
  /** The non-audio part of them. */
  readonly garbageBytes: number;
  /** Whole seconds since its first bytes; 0 before. */
  readonly sendingSeconds: number;
  /** kbit/s; 0 if not declared. */
  readonly declaredBitrate: number;
  /** kbit/s, averaged over its frames. */
  readonly measuredBitrate: number;
  /** null if not observed for long enough. */
  readonly drift: Drift | null;
  readonly loudness: SourceLoudness;
}

interface Now {
  readonly nowMs: number;
  readonly watch: { drift(parts: MountParts): Drift | null };
}

/** null if no source is logged in. */
export function sourceFacts(parts: MountParts, { nowMs, watch }: Now): SourceFacts | null {
  const { live } = parts.mount;
  const feed = live?.feed;
  if (live === null || feed === undefined) return null;
  return {
    ...clientOf(live, feed),
    receivedBytes: feed.receivedBytes,
    garbageBytes: feed.garbageBytes,
    sendingSeconds: sendingSeconds(feed, nowMs),
    declaredBitrate: feed.client.declaredBitrate ?? 0,
    measuredBitrate: live.bitrate,
    drift: watch.drift(parts),
    loudness: parts.loudness.of(live),
  };
}

/** The sources beside that one. */
export function waitingFacts({ mount }: MountParts, nowMs: number): WaitingFacts[] {
  const { live, lives } = mount;
  return lives.flatMap((input) => {
    const { feed, showName = "" } = input;
    if (input === live || feed === undefined) return [];
    return [
      { ...clientOf(input, feed), dj: showName, sendingSeconds: sendingSeconds(feed, nowMs) },
    ];
  });
}

function clientOf(input: Input, { client }: Feed): SourceClient {
  const { address, user = "", userAgent } = client;
  return { number: numberOf(input), address, user, userAgent, held: input.held ?? null };
}

function sendingSeconds({ receivedBytes, sinceMs }: Feed, nowMs: number): number {
  return receivedBytes === 0 ? 0 : Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
}
