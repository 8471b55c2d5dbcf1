// When trouble is told: once when it lasts, once when it is over, however often it comes and goes.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Alarm, type Condition, FIRING_MS, RESOLVED_MS } from "../../src/alerts/alarm.ts";

const SILENT: Condition = {
  event: "mount_silent",
  subject: "/stream",
  message: "/stream has been silent for 1 min.",
  remedy: "Go live.",
};

/** What is told when the trouble is there at these seconds, looked at every 5 s. */
function told(holdsAt: (second: number) => boolean, seconds: number): string[] {
  const alarm = new Alarm();
  const notices: string[] = [];
  for (let second = 0; second <= seconds; second += 5) {
    const now = alarm.update(holdsAt(second) ? [SILENT] : [], second * 1000);
    notices.push(...now.map(({ state, returns }) => `${second} ${state} ${returns}`));
  }
  return notices;
}

test("trouble that lasts is told once, and its end once it has been over for a minute", () => {
  expect(told((second) => second >= 10 && second < 100, 300)).toEqual([
    "20 firing 0",
    "155 resolved 0",
  ]);
});

test("trouble of a few seconds is not told", () => {
  expect(told((second) => second === 10 || second === 15, 300)).toEqual([]);
});

test("trouble that comes and goes is one, and how often it came back is told at the end", () => {
  expect(told((second) => second < 100 && second % 20 < 15, 300)).toEqual([
    "10 firing 0",
    "150 resolved 4",
  ]);
});

test("a sentence that counts is the same trouble, the same on another mount is another", () => {
  const alarm = new Alarm();
  const at = (minutes: number, subject = "/stream") => {
    return { ...SILENT, subject, message: `${subject} has been silent for ${minutes} min.` };
  };
  alarm.update([at(1)], 0);
  expect(alarm.update([at(2), at(2, "/jazz")], FIRING_MS).map(({ subject }) => subject)).toEqual([
    "/stream",
  ]);
  expect(alarm.update([at(3), at(3, "/jazz")], 2 * FIRING_MS)).toMatchObject([
    { subject: "/jazz", message: "/jazz has been silent for 3 min." },
  ]);
});

test("each trouble is told and ended in turns, and a lasting one is always told", () => {
  const look = fc.record({ ms: fc.nat(90_000), holds: fc.boolean() });
  fc.assert(
    fc.property(fc.array(look), (looks) => {
      const alarm = new Alarm();
      const states: string[] = [];
      let nowMs = 0;
      for (const { ms, holds } of looks) {
        nowMs += ms;
        states.push(...alarm.update(holds ? [SILENT] : [], nowMs).map(({ state }) => state));
      }
      states.forEach((state, at) => expect(state).toBe(at % 2 === 0 ? "firing" : "resolved"));
      states.push(...alarm.update([], (nowMs += RESOLVED_MS)).map(({ state }) => state));
      expect(states.length % 2).toBe(0);
    }),
  );
});

test("however many troubles there are, what is remembered is bounded", () => {
  const alarm = new Alarm();
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...SILENT, subject: `/m${i}` }));
  alarm.update(many, 0);
  expect(alarm.update(many, FIRING_MS)).toHaveLength(1000);
});
