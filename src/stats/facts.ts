// The one tree of facts about a running station; every status surface is a rendering of it.
import type { StreamFormat } from "../format/frame.ts";

export interface ListenerFacts {
  /** Opaque; says nothing about the person. */
  readonly id: string;
  readonly mount: string;
  readonly sentBytes: number;
  readonly connectedSeconds: number;
  /** Seconds of audio it has not been sent yet. */
  readonly lagSeconds: number;
  /** It takes what it is sent. */
  readonly isActive: boolean;
}

export interface MountFacts {
  readonly path: string;
  readonly stationName: string;
  readonly stationDescription: string;
  readonly stationGenre: string;
  readonly stationUrl: string;
  /** A source client is logged in. */
  readonly hasSource: boolean;
  /** What is on air: "live", "playlist" or "silence". */
  readonly onAir: string;
  readonly artist: string;
  readonly title: string;
  readonly format: StreamFormat | null;
  /** kbit/s */
  readonly bitrate: number;
  readonly listeners: number;
  readonly listenerPeak: number;
  readonly slowListeners: number;
  readonly tracks: number;
}

export interface BufferFacts {
  /** Bytes held, and bytes until the ring first wraps. */
  readonly available: number;
  readonly space: number;
}

export interface StationFacts {
  readonly version: string;
  readonly uptimeSeconds: number;
  /** What its keeper should change, in sentences. */
  readonly warnings: readonly string[];
  /** The first is the station's own. */
  readonly mounts: readonly [MountFacts, ...MountFacts[]];
}

/** What costs a look at every listener. */
export interface TrafficFacts {
  readonly listeners: readonly ListenerFacts[];
  readonly totalListeners: number;
  readonly totalBytesSent: number;
  readonly buffers: ReadonlyMap<string, BufferFacts>;
  /** Source clients accepted, and refused by reason. */
  readonly sources: Readonly<Record<string, number>>;
}
