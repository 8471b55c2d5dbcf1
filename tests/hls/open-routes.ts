// The routes of HLS for mounts that everybody may hear, without a station around them.
import type { HlsStream } from "../../src/hls/hls-stream.ts";
import { HlsRoutes } from "../../src/http/hls/hls-route.ts";
import type { SessionGate } from "../../src/http/hls/session-gate.ts";
import type { Mount } from "../../src/mount/mount.ts";
import type { MountParts } from "../../src/assembly/mounts.ts";
import type { Station } from "../../src/station/station.ts";
import type { Answer, Fetch } from "../support/hls/validator.ts";

export interface Served {
  readonly mount: Mount;
  readonly hls: HlsStream;
}

/** Sessions have tests of their own. */
const OPEN_GATE = {
  query: () => "",
  poll: () => null,
  sent: () => undefined,
  file: () => null,
  fileSent: () => undefined,
} as unknown as SessionGate;

/** Fetches what the routes answer. */
export function fetchFrom(mounts: readonly Served[]): Fetch {
  const audience = { hasRoom: true };
  const all = mounts.map((mount) => ({ ...mount, audience })) as unknown as MountParts[];
  const station = {
    all,
    admission: { isOpen: () => true },
    edges: { all: [] },
    parts: (path: string) => all.find(({ mount }) => mount.path === path),
  };
  const routes = new HlsRoutes(station as unknown as Station, OPEN_GATE);
  return async (url, headers = {}): Promise<Answer> => {
    const response = await routes.answer(new Request(url, { headers }));
    if (response === null) return { status: 404, headers: new Headers(), body: new Uint8Array() };
    return { status: response.status, headers: response.headers, body: await response.bytes() };
  };
}
