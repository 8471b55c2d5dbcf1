// Chance that is the same for the same seed, and what a fuzzer does with it to bytes that were right.

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) | 0 || 1;
  }

  /** A whole number from 0 to below `limit`. xorshift32, Marsaglia. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  /** One of them; there must be one. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error("nothing to choose from");
    return choice;
  }
}

/** Values at which lengths, counts and signs turn over. */
const EDGES = [0, 1, 0x0a, 0x0d, 0x20, 0x7f, 0x80, 0xfe, 0xff];

type Change = (bytes: Uint8Array, chance: Chance) => Uint8Array;

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

const CHANGES: readonly Change[] = [
  (bytes, chance) => {
    const at = chance.below(bytes.length);
    return changed(bytes, at, (bytes[at] ?? 0) ^ (1 << chance.below(8)));
  },
  (bytes, chance) => changed(bytes, chance.below(bytes.length), chance.pick(EDGES)),
  (bytes, chance) => changed(bytes, chance.below(bytes.length), chance.below(256)),
  (bytes, chance) => bytes.subarray(0, chance.below(bytes.length + 1)),
  (bytes, chance) => {
    const at = chance.below(bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(40)));
  },
  (bytes, chance) => {
    const [at, from] = [chance.below(bytes.length), chance.below(bytes.length)];
    const part = bytes.subarray(from, from + 1 + chance.below(200));
    return joined(bytes.subarray(0, at), part, bytes.subarray(at));
  },
  (bytes, chance) => {
    const at = chance.below(bytes.length);
    const run = new Uint8Array(1 + chance.below(300)).fill(chance.pick(EDGES));
    return joined(bytes.subarray(0, at), run, bytes.subarray(at));
  },
];

/** `bytes` with up to six things wrong with them; now and then none. */
export function damaged(bytes: Uint8Array, chance: Chance): Uint8Array {
  let result = bytes;
  for (let left = chance.below(7); left > 0 && result.length > 0; left--)
    result = chance.pick(CHANGES)(result, chance);
  return result;
}

/** The same bytes, cut anywhere: now and then byte by byte. */
export function* pieces(bytes: Uint8Array, chance: Chance): Generator<Uint8Array> {
  const longest = chance.pick([1, 4, 100, 1000, 5000]);
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + chance.below(longest);
    yield bytes.subarray(at, end);
    at = end;
  }
}
