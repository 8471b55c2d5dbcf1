// The doctor's rules about relays: masters that are down, on a worse address, or of another format than the mount.
import type { MountFacts } from "../facts/facts.ts";
import { describeFormat, sameFormat } from "../format/frame.ts";
import type { RelayState } from "../mount/roles.ts";
import type { Finding } from "./diagnosis.ts";
import { roughly } from "./source-rules.ts";

/** A master that restarts is back before. */
const DOWN_MS = 30_000;

function down({ path, onAir }: MountFacts, relay: RelayState): Finding[] {
  const { label, downMs, lastError } = relay;
  if (downMs === null || downMs < DOWN_MS) return [];
  const why = lastError === null ? "" : `: ${lastError}`;
  return [
    {
      severity: onAir === "silence" ? "trouble" : "warning",
      subject: path,
      sentence: `The relay "${label}" of ${path} has been down for ${roughly(downMs / 1000)}${why}.`,
      remedy: "Check its address and the other server; it is tried again by itself.",
    },
  ];
}

function onBackup({ path }: MountFacts, { label, url, state, lastError }: RelayState): Finding[] {
  if (state !== "playing" || lastError === null) return [];
  return [
    {
      severity: "note",
      subject: path,
      sentence: `The relay "${label}" of ${path} plays ${url}, and another of its addresses does not work: ${lastError}.`,
      remedy: "Check that address; it is tried again by itself.",
    },
  ];
}

/** On air it gives the mount its format: then the others differ from it. */
function otherFormat(
  { path, format, inputs }: MountFacts,
  { label, format: its, state }: RelayState,
): Finding[] {
  const isOnAir = inputs.some(({ relay, isOnAir: is }) => is && relay?.label === label);
  if (state !== "playing" || isOnAir || its === null || format === null) return [];
  if (sameFormat(its, format)) return [];
  const [sent, played] = [describeFormat(its), describeFormat(format)];
  return [
    {
      severity: "warning",
      subject: path,
      sentence: `The relay "${label}" sends ${sent}, ${path} plays ${played}: listeners are disconnected at each change.`,
      remedy: "Let both have one format, for example by playlist.format.",
    },
  ];
}

export function relays(mount: MountFacts): Finding[] {
  return mount.inputs.flatMap(({ relay }) => {
    if (relay === undefined) return [];
    return [...down(mount, relay), ...onBackup(mount, relay), ...otherFormat(mount, relay)];
  });
}
