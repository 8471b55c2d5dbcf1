// "Did you mean": the nearest existing name, if it is near enough.
import { closest, distance } from "fastest-levenshtein";

/** The candidate that differs least, or null if even that one differs in more than half its letters. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0 || word.length > 64) return null;
  const lower = word.toLowerCase();
  const best = closest(lower, [...candidates]);
  const most = Math.min(Math.max(2, Math.floor(best.length / 3)), best.length / 2);
  return distance(lower, best) <= most ? best : null;
}

/** The word is one of the candidates but for a slip: one letter in each four at most. */
export function isSlipOf(word: string, candidates: readonly string[]): boolean {
  const best = suggest(word, candidates);
  const most = Math.max(1, Math.floor((best?.length ?? 0) / 4));
  return best !== null && distance(word.toLowerCase(), best) <= most;
}

/** The suggestion as a sentence; undefined if there is none. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const best = suggest(word, candidates);
  return best === null ? undefined : `Did you mean "${best}"?`;
}
