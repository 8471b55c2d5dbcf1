// One Ctrl-C may arrive twice; a second one of a person means now.
import { describe, expect, test } from "bun:test";
import { onHangUp, SAME_REQUEST_MS, stopper } from "../../src/signals.ts";

/** Signals at these times, in ms; tells what each did. */
function ask(...timesMs: number[]): string[] {
  let nowMs = 0;
  const done: string[] = [];
  const onSignal = stopper(
    { cleanly: (signal) => done.push(`cleanly (${signal})`), atOnce: () => done.push("at once") },
    { nowMs: () => nowMs },
  );
  for (const timeMs of timesMs) {
    nowMs = timeMs;
    onSignal("SIGINT");
  }
  return done;
}

test("the first signal asks for a clean end", () => {
  expect(ask(5)).toEqual(["cleanly (SIGINT)"]);
});

test("what comes right after it is the same request, forwarded", () => {
  expect(ask(5, 5, 5 + SAME_REQUEST_MS - 1)).toEqual(["cleanly (SIGINT)"]);
});

test("a later one asks for an end at once", () => {
  expect(ask(5, 5 + SAME_REQUEST_MS)).toEqual(["cleanly (SIGINT)", "at once"]);
});

describe("SIGHUP", () => {
  const handled = (terminal: readonly boolean[]) => {
    const done: string[] = [];
    const states = [...terminal];
    const stop = () => void done.push("stop");
    const reload = () => void done.push("reload");
    onHangUp({ stop, reload }, () => states.shift() ?? false)();
    return done;
  };

  test("asks for a reload, with a terminal and without", () => {
    expect(handled([true, true])).toEqual(["reload"]);
    expect(handled([false, false])).toEqual(["reload"]);
  });

  test("ends a station whose terminal was closed", () => {
    expect(handled([true, false])).toEqual(["stop"]);
  });
});
