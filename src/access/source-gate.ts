// Sources and titles whose password is not a configured one, where a back end may know better.
import type { MountConfig } from "../config/config.ts";
import type { MountGate } from "./admission.ts";
import type { BackEnds } from "./back-ends.ts";

type Find = (path: string) => { readonly config: Pick<MountConfig, "stream_auth"> } | undefined;

export function sourceGate(find: Find, backEnds: BackEnds): MountGate {
  return {
    guards: (path) => Boolean(find(path)?.config.stream_auth.url.reveal()),
    decide(visit, signal) {
      const mount = find(visit.readings[0]?.path ?? visit.path);
      return mount === undefined
        ? false
        : backEnds.askSource(visit, mount.config.stream_auth, signal);
    },
  };
}
