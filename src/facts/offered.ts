// Whether a mount is offered although it is silent: a relay on demand begins with the next listener.
import type { InputFacts } from "./counters.ts";

interface Offered {
  readonly inputs: readonly InputFacts[];
  readonly onAir: string;
}

export function isOffered({ inputs, onAir }: Offered): boolean {
  return onAir === "silence" && inputs.some(({ relay }) => relay?.state === "idle");
}
