// A status whose first mount has a past that a test makes up, in place of the one the station has played.
import type { Page } from "playwright-core";

export interface MadeUpAiring {
  readonly source_status: "live" | "playlist" | "silence";
  readonly title: string;
  readonly artist: string;
}

/** Seconds between two airings. */
const STEP_SECONDS = 100;

/** The last one is on air. */
function timelineOf(airings: readonly MadeUpAiring[]) {
  const titles = airings.map((airing, at) => {
    return { ...airing, dj: "", artwork_url: null, from_seconds: at * STEP_SECONDS };
  });
  const joinSeconds = (airings.length - 0.5) * STEP_SECONDS;
  return {
    head_seconds: joinSeconds + 5,
    join_seconds: joinSeconds,
    burst_seconds: 5,
    titles,
  };
}

/** From now on `page` gets this timeline. It polls, as there are no events. */
export async function makeUpTimeline(page: Page, airings: readonly MadeUpAiring[]): Promise<void> {
  await page.route("**/api/events", (route) => route.abort());
  await page.route("**/api/status", async (route) => {
    const response = await route.fetch();
    const { mounts, ...status } = await response.json();
    const [first, ...others] = mounts;
    const json = { ...status, mounts: [{ ...first, timeline: timelineOf(airings) }, ...others] };
    await route.fulfill({ response, json });
  });
}
