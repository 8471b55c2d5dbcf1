// Damaged requests at both ports of a running station, the same in every run.
import { test } from "bun:test";
import { besiege } from "./doors.ts";

test(
  "600 damaged requests at both ports lose a listener no frame, and leave nobody behind",
  () => besiege(1, 600),
  60_000,
);
