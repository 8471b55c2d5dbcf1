// /api/recorded/{mount}: what recordings hold of a mount's last day, for a page that offers to go back there.
import { Elysia, t } from "elysia";
import { sameFormat } from "../../format/frame.ts";
import { datedTitles, spansIn } from "../../mount/recorded-moments.ts";
import type { Mount } from "../../mount/mount.ts";
import { RECORDED_SECONDS } from "../../mount/rewind.ts";
import type { RecordedPast } from "../../recording/recorded-past.ts";
import type { Station } from "../../station/station.ts";
import { type Failure, failure, NO_SUCH_MOUNT } from "../failure.ts";
import { mountNamed } from "../mount-choice.ts";
import { json, MOUNT_IN_PATH, operation } from "../operation.ts";

/** The newest ones are named. */
const MOST_SPANS = 200;
const MOST_TITLES = 2000;

/** An answer is good for as long: it takes reading a file for each recorded one. */
const FRESH_MS = 30_000;

const BUSY: Failure = { error: "The disk of the recordings is busy." };

const position = (what: string) =>
  t.Number({ description: `${what}, on the mount's timeline: negative before it began` });

const recorded = t.Object(
  {
    mount: t.String(),
    spans: t.Array(
      t.Object({
        from_seconds: position("Where it begins"),
        to_seconds: position("Where it ends"),
      }),
      { description: "What is recorded, oldest first: nothing is missing within one" },
    ),
    titles: t.Array(
      t.Object({
        from_seconds: position("Where it begins"),
        artist: t.String(),
        title: t.String(),
      }),
      { description: "The titles of the recorded audio, oldest first" },
    ),
  },
  { title: "Recorded" },
);

type Recorded = typeof recorded.static;

const RECORDED = operation({
  tag: "api",
  id: "getRecorded",
  summary: "What recordings hold of a mount's last day",
  description:
    "The audio that `?at=` reaches beyond `rewind_seconds`; empty if nothing is recorded that the mount's listeners could hear.",
  parameters: [MOUNT_IN_PATH],
  answers: {
    200: json("What is recorded", recorded),
    404: json("There is no such mount", failure),
    503: json("The disk does not answer", failure),
  },
});

interface Kept {
  readonly untilMs: number;
  readonly answer: Promise<Recorded>;
}

/** Rejects when the disk fails. */
async function recordedOf(mount: Mount, past: RecordedPast): Promise<Recorded> {
  const { rewind, sounding } = mount;
  const nowMs = rewind.nowMs;
  const all = await past.pieces([nowMs - RECORDED_SECONDS * 1000, nowMs]);
  const pieces = all.filter(({ format }) => sounding !== null && sameFormat(format, sounding));
  const zeroMs = rewind.nowMs - mount.writtenSeconds * 1000;
  const secondsAt = (atMs: number) => Math.round((atMs - zeroMs) / 10) / 100;
  const spans = spansIn(pieces).slice(-MOST_SPANS);
  const titles = datedTitles(pieces).slice(-MOST_TITLES);
  return {
    mount: mount.path,
    spans: spans.map(({ fromMs, toMs }) => {
      return { from_seconds: secondsAt(fromMs), to_seconds: secondsAt(toMs) };
    }),
    titles: titles.map(({ atMs, ...title }) => ({ from_seconds: secondsAt(atMs), ...title })),
  };
}

export function recordedRoutes(station: Station) {
  const kept = new Map<Mount, Kept>();
  const answerOf = (mount: Mount, past: RecordedPast): Promise<Recorded> => {
    const nowMs = station.clock.nowMs();
    for (const [one, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(one);
    const known = kept.get(mount);
    if (known !== undefined) return known.answer;
    const answer = recordedOf(mount, past);
    kept.set(mount, { untilMs: nowMs + FRESH_MS, answer });
    answer.catch(() => kept.delete(mount));
    return answer;
  };
  return new Elysia({ name: "recorded" })
    .onAfterHandle(({ set }) => {
      set.headers["access-control-allow-origin"] = "*";
    })
    .get(
      "/api/recorded/:mount",
      async ({ params, status }) => {
        const parts = mountNamed(params.mount, station);
        if (parts === undefined) return status(404, NO_SUCH_MOUNT);
        const { mount } = parts;
        const past = station.recordings.past(mount.path);
        if (past === null || mount.rewind.recordedSeconds(mount.sounding) === 0)
          return { mount: mount.path, spans: [], titles: [] };
        return answerOf(mount, past).catch(() => status(503, BUSY));
      },
      { response: { 200: recorded, 404: failure, 503: failure }, ...RECORDED },
    );
}
