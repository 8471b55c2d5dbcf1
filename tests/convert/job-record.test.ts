// What is kept of the converter's jobs for people.
import { expect, test } from "bun:test";
import { JobRecord } from "../../src/convert/job-record.ts";
import { ManualClock } from "../input/stage.ts";

function record() {
  const [clock, wall] = [new ManualClock(), new ManualClock(1000)];
  return { clock, wall, jobs: new JobRecord(clock, wall) };
}

const analyse = (path: string) => ({ call: "analyse", path }) as const;

test("the speed is that of the jobs that were done, and of the one that runs", () => {
  const { clock, jobs } = record();
  expect(jobs.speed).toBeNull();
  jobs.begin(analyse("/a.mp3"));
  expect([jobs.speed, jobs.running]).toMatchObject([null, { kind: "analyse", path: "/a.mp3" }]);
  clock.ms += 1000;
  jobs.progress(50);
  expect([jobs.speed, jobs.running?.seconds]).toEqual([50, 50]);
  clock.ms += 1000;
  jobs.progress(120);
  jobs.done();
  expect([jobs.speed, jobs.running]).toEqual([60, null]);
  jobs.begin(analyse("/b.mp3"));
  clock.ms += 2000;
  jobs.progress(200);
  expect(jobs.speed).toBe(80);
});

test("of many jobs the latest ones count", () => {
  const { clock, jobs } = record();
  const each = (count: number, seconds: number) => {
    for (let i = 0; i < count; i++) {
      jobs.begin(analyse(`/${i}.mp3`));
      clock.ms += 1000;
      jobs.progress(seconds);
      jobs.done();
    }
  };
  each(100, 10);
  each(20, 30);
  expect(jobs.speed).toBe(30);
});

test("failures are kept with reason and time, the latest first, each file once, and a few only", () => {
  const { wall, jobs } = record();
  for (let i = 0; i < 50; i++) {
    jobs.begin(analyse(`/${i % 30}.mp3`));
    wall.ms = 1000 * i;
    jobs.failed(`it is odd, ${i}`);
  }
  const { failures } = jobs;
  expect(failures).toHaveLength(20);
  expect(failures[0]).toEqual({
    kind: "analyse",
    path: "/19.mp3",
    why: "it is odd, 49",
    atMs: 49_000,
  });
  expect(new Set(failures.map(({ path }) => path)).size).toBe(20);
});

test("tracks that are not faded into each other are no failure", () => {
  const { jobs } = record();
  const cues = { cueIn: null, cueOut: null, fadeFrom: null };
  const track = { path: "/a.mp3", source: "/a.mp3", version: "1", steps: 0, ...cues };
  jobs.begin({ call: "seam", path: "/a.mp3", wish: { from: track, to: track, seconds: 4 } });
  jobs.failed("it is tagged as gapless");
  expect([jobs.running, jobs.failures]).toEqual([null, []]);
});
