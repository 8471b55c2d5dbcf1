// Pure: which edge a new listener is sent to.

export interface Candidate {
  readonly weight: number;
  /** Its listeners, those on their way included. */
  readonly load: number;
}

/** The one with the fewest listeners for its weight, the first of equals; null if none takes any. */
export function chooseEdge<E extends Candidate>(candidates: readonly E[]): E | null {
  let best: E | null = null;
  for (const candidate of candidates) {
    if (candidate.weight <= 0) continue;
    if (best === null || share(candidate) < share(best)) best = candidate;
  }
  return best;
}

/** What it would have with one more. */
function share({ load, weight }: Candidate): number {
  return (load + 1) / weight;
}
