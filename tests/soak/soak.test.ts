// Two minutes of `make soak`; in a run that is not CI's, a quarter of one.
import { describe, expect, test } from "bun:test";
import { requireLinux } from "../support/programs.ts";
import { soak, tell } from "./soak.ts";

const SECONDS = process.env["CI"] ? 120 : 15;

describe.skipIf(!requireLinux("the load generator"))(
  "a station that is worked by everybody",
  () => {
    test(
      "loses no frame for those who stay, and stays as it was",
      async () => {
        const report = await soak(SECONDS, 200);
        expect(tell(report).filter((line) => /^(LOST|GROWS)/.test(line))).toEqual([]);
        expect(report.frames).toBeGreaterThan(200 * 38 * (SECONDS / 3));
      },
      (SECONDS + 180) * 1000,
    );
  },
);
