// In which order the test files run, and how many at once.

/** Folders of tests that wait most of the time: for audio, programs and browsers. */
const WAITING = /^tests\/(?:bench|browser|dist|e2e|soak)\//;

/** They begin first, so that no lane is left alone with one of them at the end. */
export const LONGEST = [
  "tests/soak/soak.test.ts",
  "tests/e2e/whole-folder.test.ts",
  "tests/bench/bench.test.ts",
  "tests/browser/states.test.ts",
  "tests/browser/desk.test.ts",
  "tests/e2e/formats.test.ts",
  "tests/e2e/source-port.test.ts",
  "tests/e2e/programs.test.ts",
  "tests/e2e/odd-music.test.ts",
  "tests/convert/convert.test.ts",
  "tests/convert/seam.test.ts",
];

/** One waits, and one works beside it. Three at a time share two cores in no less time, and each takes longer. */
export const AT_ONCE = { waiting: 1, working: 1 } as const;

/** The longest first, the others by name. */
function inOrder(files: readonly string[]): string[] {
  const isLong = new Set(LONGEST);
  const rest = files.filter((file) => !isLong.has(file)).sort();
  return [...LONGEST.filter((file) => files.includes(file)), ...rest];
}

/** Gives `work` each of the files, in so many lanes as AT_ONCE says. A lane that has no more of its own kind helps out. */
export async function inLanes(
  files: readonly string[],
  work: (file: string) => Promise<void>,
): Promise<void> {
  const ordered = inOrder(files);
  const waiting = ordered.filter((file) => WAITING.test(file));
  const working = ordered.filter((file) => !WAITING.test(file));
  const lane = async (first: string[], then: string[]) => {
    for (;;) {
      const file = first.shift() ?? then.shift();
      if (file === undefined) return;
      await work(file);
    }
  };
  await Promise.all([
    ...Array.from({ length: AT_ONCE.waiting }, () => lane(waiting, working)),
    ...Array.from({ length: AT_ONCE.working }, () => lane(working, waiting)),
  ]);
}
