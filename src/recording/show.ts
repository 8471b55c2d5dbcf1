// Pure: which show an input belongs to.
import type { Input } from "../mount/roles.ts";

export interface Show {
  /** Equal for a source that returns. "": no source, but the station's own programme. */
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly address: string;
}

export function showOf({ isLive, showName = "", feed }: Input): Show {
  const { user = "", address = "" } = feed?.client ?? {};
  if (isLive !== true) return { id: "", name: showName, user: "", address: "" };
  const id = [user, showName || (user === "" ? address : "")].join("\n");
  return { id, name: showName, user, address };
}
