// A whole station on free loopback ports, in this process, with its log lines kept.
import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { listen } from "../../src/http/server.ts";
import { type Clock, systemClock, wallClock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { Descriptors } from "../../src/lib/descriptors.ts";
import { Station } from "../../src/station/station.ts";

export interface TestStation extends AsyncDisposable {
  readonly station: Station;
  readonly sourcePort: number;
  readonly listenPort: number;
  /** Of the listen port, without a slash at the end. */
  readonly url: string;
  readonly logged: readonly string[];
}

export async function startStation(
  config: Config,
  clock: Clock = systemClock,
  descriptors = new Descriptors(),
): Promise<TestStation> {
  const logged: string[] = [];
  const log = createLog((level, text) => logged.push(`${level} ${text}`));
  // Tests beside this one would keep a converter of the lowest priority from its work.
  const station = new Station(config, clock, log, wallClock, descriptors, "usual");
  await firstTracks(station);
  await station.prepare();
  station.listen();
  await station.play();
  const http = await listen(station);
  return {
    station,
    sourcePort: station.sourcePort,
    listenPort: http.port,
    url: `http://127.0.0.1:${http.port}`,
    logged,
    async [Symbol.asyncDispose]() {
      const ended = http.stop(1000);
      await station.stop();
      await ended;
      await station.close();
    },
  };
}

/** A start waits a second for the first tracks, which a busy machine may exceed: silence would be heard first. */
async function firstTracks({ all }: Station): Promise<void> {
  const inputs = all.flatMap(({ mount }) => mount.inputs);
  const prepare = () => Promise.all(inputs.map((input) => input.prepare?.()));
  const areKnown = () => inputs.every(({ player }) => player?.tracks.isKnown ?? true);
  await prepare();
  if (areKnown()) return;
  await until("the playlists are known", areKnown);
  await prepare();
}

/** How long a test waits for a condition: half of its limit. */
export const WAIT_SECONDS = 60;

/** A directory that goes with the test. */
export async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "cycast-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Milliseconds of a processor that this process has used: other than the clock's, they do not grow while others work. */
export function workedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds between two looks, and how many times as long as a look took: what is waited for needs the processor. */
const REST = { least: 5, most: 100, times: 4 } as const;

/** Waits until `condition` holds; throws, naming what was waited for, after `seconds`: long enough for a machine that is
 * busy with other things. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds = WAIT_SECONDS,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const lookedMs = performance.now();
    if (await condition()) return;
    const nowMs = performance.now();
    if (nowMs > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    const restMs = REST.times * (nowMs - lookedMs);
    await Bun.sleep(Math.min(REST.most, Math.max(REST.least, restMs)));
  }
}
