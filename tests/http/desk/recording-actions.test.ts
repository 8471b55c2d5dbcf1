// The name under which a browser saves a recording.
import { expect, test } from "bun:test";
import { dispositionOf } from "../../../src/http/desk/recording-actions.ts";

test("a recording is saved under its name, whatever letters the show has", () => {
  expect(dispositionOf("/rec/stream/18-11-14 Anna's *Hour* (1) ü.mp3", true)).toBe(
    "attachment; filename*=UTF-8''18-11-14%20Anna%27s%20%2AHour%2A%20%281%29%20%C3%BC.mp3",
  );
  expect(dispositionOf("/rec/a.ogg", false)).toBe("inline; filename*=UTF-8''a.ogg");
});
