// Pure: what a node says of itself, once every few seconds.
import { fieldsOf, listOf, numberOf, textOf } from "./parsing.ts";

/** "leader" and "standby" share one programme, an "edge" mirrors an origin, a "server" does neither. */
export const ROLES = ["leader", "standby", "edge", "server"] as const;
export type Role = (typeof ROLES)[number];

export interface MountReport {
  readonly path: string;
  readonly name: string;
  readonly isUp: boolean;
  /** "live", "playlist", … */
  readonly onAir: string;
  readonly artist: string;
  readonly title: string;
  readonly listeners: number;
  /** kbit/s */
  readonly bitrate: number;
}

export interface NodeReport {
  readonly node: string;
  /** Another one after each start. */
  readonly run: string;
  /** Where the other nodes reach it, or "". */
  readonly url: string;
  readonly version: string;
  readonly role: Role;
  /** In milliseconds since 1970. */
  readonly startedMs: number;
  readonly listeners: number;
  readonly mounts: readonly MountReport[];
}

/** More are left out. */
export const MAX_REPORTED_MOUNTS = 256;

/** null for what is none. */
export function nodeReport(value: unknown): NodeReport | null {
  const fields = fieldsOf(value);
  const [node, run] = [textOf(fields?.["node"]), textOf(fields?.["run"])];
  if (fields === null || node === "" || run === "") return null;
  return {
    node,
    run,
    url: textOf(fields["url"]),
    version: textOf(fields["version"]),
    role: ROLES.find((role) => role === fields["role"]) ?? "server",
    startedMs: numberOf(fields["startedMs"]),
    listeners: numberOf(fields["listeners"]),
    mounts: listOf(fields["mounts"], MAX_REPORTED_MOUNTS).flatMap((mount) => mountReport(mount)),
  };
}

function mountReport(value: unknown): MountReport[] {
  const fields = fieldsOf(value);
  const path = textOf(fields?.["path"]);
  if (fields === null || !path.startsWith("/")) return [];
  return [
    {
      path,
      name: textOf(fields["name"]),
      isUp: fields["isUp"] === true,
      onAir: textOf(fields["onAir"]),
      artist: textOf(fields["artist"]),
      title: textOf(fields["title"]),
      listeners: numberOf(fields["listeners"]),
      bitrate: numberOf(fields["bitrate"]),
    },
  ];
}
