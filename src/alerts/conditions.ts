// What an operator wants to be woken for, as it is at this moment: the doctor's findings, and sources that have gone.
import { findingsByTopic } from "../doctor/topics.ts";
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import type { Condition } from "./alarm.ts";

function lost({ path }: MountFacts): Condition {
  return {
    event: "source_lost",
    subject: path,
    message: `The source of ${path} has gone.`,
    remedy:
      "If its show is not over, check the encoder and its connection; the log says how it left.",
  };
}

/** Remembers which mounts had a source, and which had audio. */
export class Conditions {
  readonly #live = new Set<string>();
  readonly #played = new Set<string>();

  /** All that hold now. */
  now(facts: StationFacts): Condition[] {
    this.#remember(facts);
    const gone = facts.mounts.filter(({ path, hasSource }) => !hasSource && this.#live.has(path));
    const found = findingsByTopic(facts, ({ path }) => this.#played.has(path));
    const conditions = found.map(({ topic, finding }): Condition => {
      const { subject, sentence, remedy } = finding;
      return { event: topic, subject, message: sentence, remedy };
    });
    return [...gone.map(lost), ...conditions];
  }

  /** What a removed mount was is forgotten: it may come back as another. */
  #remember({ mounts }: StationFacts): void {
    const paths = new Set(mounts.map(({ path }) => path));
    for (const known of [this.#live, this.#played])
      for (const path of known) if (!paths.has(path)) known.delete(path);
    for (const { path, hasSource, onAir } of mounts) {
      if (hasSource) this.#live.add(path);
      if (onAir !== "silence") this.#played.add(path);
    }
  }
}
