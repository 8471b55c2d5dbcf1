// Relays that cannot work: without an address, or of their own mount.
import { isLoopback } from "../lib/address.ts";
import { normaliseMount } from "../lib/mount-path.ts";
import type { Secret } from "../lib/secret.ts";
import type { LabelledValues, PlaceValues } from "./build-config.ts";
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Key } from "./key.ts";
import { relayKeys } from "./relay-keys.ts";
import { blocks } from "./schema.ts";
import type { LabelledSettings, Matched } from "./settings.ts";

interface Here {
  /** The ports of this server. */
  readonly ports: ReadonlySet<number>;
  /** The mount that the relay stands in. */
  readonly path: string;
}

type MountValues = PlaceValues & { readonly path: string };

export function findRelayConflicts(
  matched: Matched,
  top: PlaceValues,
  mounts: readonly MountValues[],
): ConfigFinding[] {
  const { mount_point, source_port, listen_port } = blocks.server;
  const first = top.values.get(mount_point) ?? mount_point.default;
  const ports = new Set(
    [source_port, listen_port, blocks.tls.listen_port].map(
      (key) => top.values.get(key) ?? key.default,
    ),
  );
  const inMounts = matched.mounts.flatMap(({ labelled, path }, at) =>
    findIn(labelled, mounts[at]?.labelled ?? [], { ports, path }),
  );
  return [...findIn(matched.top.labelled, top.labelled, { ports, path: first }), ...inMounts];
}

function findIn(
  settings: readonly LabelledSettings[],
  values: readonly LabelledValues[],
  here: Here,
): ConfigFinding[] {
  return settings.flatMap((block, at) => {
    const its = values[at];
    return block.name === "relay" && its !== undefined ? findInRelay(block, its, here) : [];
  });
}

function findInRelay(
  { label, settings }: LabelledSettings,
  { values }: LabelledValues,
  here: Here,
): ConfigFinding[] {
  const urls = [values.get(relayKeys.url), ...(values.get(relayKeys.urls) ?? [])];
  const said = urls.filter((url): url is Secret => url !== undefined && !url.equals(""));
  if (said.length > 0) return said.some((url) => isHere(url, here)) ? [loop(label)] : [];
  // A value that is not accepted has a finding of its own.
  const keys: readonly Key<unknown>[] = [relayKeys.url, relayKeys.urls];
  const isRefused = keys.some((key) => settings.has(key) && values.get(key) === undefined);
  return isRefused ? [] : [finding(label, "a relay without an address", 'url = "https://…"')];
}

function loop(label: LabelledSettings["label"]): ConfigFinding {
  return finding(label, "this relay would pull its own mount", "the address of another stream");
}

function isHere(url: Secret, { ports, path }: Here): boolean {
  const { hostname, port, protocol, pathname } = new URL(url.reveal());
  const number = Number(port) || (protocol === "https:" ? 443 : 80);
  const isThisMachine = hostname === "localhost" || isLoopback(hostname.replace(/^\[|\]$/g, ""));
  return isThisMachine && ports.has(number) && normaliseMount(pathname) === path;
}
