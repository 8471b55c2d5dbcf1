// The keys for source clients: when they are ended, expected back, held or kept waiting.
import { amount, choice } from "./key.ts";

/** What to do with a source that connects while another one is live. */
export const BUSY_ANSWERS = ["refuse", "wait", "replace"] as const;

export const sourceKeys = {
  source_timeout: amount({
    unit: "seconds",
    range: [0.1, 3600],
    default: 10.0,
    scope: "mount",
    description:
      "A source that sends no valid audio for this long is disconnected and the playlist takes over.",
  }),
  silence_timeout: amount({
    unit: "seconds",
    range: [0, 3600],
    default: 30,
    scope: "mount",
    description:
      "A live source that sends silence (below -60 dBFS) for this long counts as one without audio: the playlist plays until its sound returns. 0 is off.",
  }),
  source_grace: amount({
    unit: "seconds",
    range: [0, 60],
    default: 5.0,
    scope: "mount",
    description:
      "A source that drops is expected back for this long: listeners first live on half of their burst, then hear what comes next, and it takes over at once when it returns. 0 is off.",
  }),
  source_steady: amount({
    unit: "seconds",
    range: [0, 3600],
    default: 10.0,
    scope: "mount",
    description:
      "A source that keeps dropping is heard again only after this long without an interruption; until then the playlist plays. 0 is off.",
  }),
  on_busy: choice({
    choices: BUSY_ANSWERS,
    default: "refuse",
    scope: "mount",
    description:
      "What happens to a source that connects while another one is live: refuse it, let it wait until that one ends, or let it replace that one.",
  }),
};
