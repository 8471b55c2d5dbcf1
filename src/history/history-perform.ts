// The calls that the history's thread answers.
import type { Perform } from "../disk/answer-calls.ts";
import { collector } from "../disk/collector.ts";
import type { HistoryCall } from "./history-calls.ts";
import { HistoryFile } from "./history-file.ts";

/** About five minutes: a batch leaves little. */
const CALLS_PER_COLLECTION = 300;

export function createHistoryPerform(): Perform {
  const files = new Map<string, HistoryFile>();
  const collect = collector(CALLS_PER_COLLECTION);
  return (call) => {
    // Nothing else is asked of this thread.
    const asked = call as HistoryCall;
    collect();
    const file = files.get(asked.history) ?? new HistoryFile(asked.history);
    files.set(asked.history, file);
    return file.perform(asked);
  };
}
