// The doctor's findings by what an operator wants to be woken for.
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import { certificateEnd, certificateFiles } from "./certificate-rules.ts";
import type { Finding } from "./diagnosis.ts";
import { diskSpace } from "./disk-rules.ts";
import { conversion, examine } from "./doctor.ts";
import { unanswered } from "./playlist-rules.ts";
import { failing } from "./recording-rules.ts";
import { meantEmpty } from "./readiness.ts";
import { deadAir, silence } from "./source-rules.ts";

/** doctor: any other trouble. */
export type Topic = "mount_silent" | "disk" | "certificate" | "doctor";

export interface TopicFinding {
  readonly topic: Topic;
  readonly finding: Finding;
}

function of(topic: Topic, findings: readonly Finding[]): TopicFinding[] {
  return findings.map((finding) => ({ topic, finding }));
}

function serious({ severity }: Finding): boolean {
  return severity !== "note";
}

/** `hasPlayed`: the mount has had audio before, so its silence is news even if it has no files. */
export function findingsByTopic(
  facts: StationFacts,
  hasPlayed: (mount: MountFacts) => boolean,
): TopicFinding[] {
  const { mounts } = facts;
  const silent = [
    ...mounts.flatMap((mount) => (meantEmpty(mount) && !hasPlayed(mount) ? [] : silence(mount))),
    ...mounts.flatMap(deadAir),
  ];
  const written = [...conversion(facts), ...diskSpace(facts), ...facts.recordings.flatMap(failing)];
  const disk = [...mounts.flatMap(unanswered), ...written];
  const certificate = [...certificateEnd(facts), ...certificateFiles(facts)];
  const named = new Set(
    [...mounts.flatMap(silence), ...mounts.flatMap(deadAir), ...disk, ...certificate].map(
      ({ sentence }) => sentence,
    ),
  );
  const others = examine(facts).filter(
    ({ severity, sentence }) => severity === "trouble" && !named.has(sentence),
  );
  return [
    ...of("mount_silent", silent),
    ...of("disk", disk),
    ...of("certificate", certificate.filter(serious)),
    ...of("doctor", others),
  ];
}
