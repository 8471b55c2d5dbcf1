// Hundreds of listeners, of whom many leave and join each second: nobody loses a byte, and what is counted adds up.
import { beforeAll, describe, expect, test } from "bun:test";
import { type CrowdReport, FLAWLESS, LoadProgram } from "../bench/load/load-program.ts";
import { makeLoadProgram } from "../bench/load/make.ts";
import { PASSWORD, testConfig } from "../support/config.ts";
import { requireLinux } from "../support/programs.ts";
import { startStation, type TestStation, until } from "../support/station.ts";

const [STAYING, COMING] = [150, 100];

/** Each second, at each door. */
const JOINS = 100;

async function goLive({ sourcePort, station }: TestStation): Promise<LoadProgram> {
  const words = ["--port", sourcePort, "--password", PASSWORD, "--bitrate", 64];
  const source = new LoadProgram("source", words);
  await source.event("live");
  await until("the show is on air", () => station.facts().mounts[0].onAir === "live");
  return source;
}

/** Those at one door: some stay, the others leave after a second. */
async function crowdAt(port: number): Promise<[CrowdReport, CrowdReport]> {
  const words = ["--port", port, "--ramp-seconds", 0.5, "--seconds", 3, "--addresses", 40];
  const staying = [...words, "--listeners", STAYING];
  const going = [...words, "--listeners", COMING, "--churn", JOINS, "--first-address", 41];
  await using stay = new LoadProgram("crowd", staying);
  await using come = new LoadProgram("crowd", going);
  return await Promise.all([
    stay.event<CrowdReport>("report"),
    come.event<CrowdReport>("report"),
  ] as const);
}

/** Sessions that began and ended by the mount's events. */
function countSessions({ station }: TestStation) {
  const sessions = { joined: 0, left: 0, sentBytes: 0, present: new Set<number>() };
  const { events } = station.all[0].mount;
  events.on("joined", ({ listener }) => {
    sessions.joined++;
    sessions.present.add(listener.number);
  });
  events.on("left", ({ listener, sentBytes }) => {
    sessions.left++;
    sessions.sentBytes += sentBytes;
    sessions.present.delete(listener.number);
  });
  return sessions;
}

describe.skipIf(!requireLinux("the load generator"))("listeners that come and go", () => {
  beforeAll(() => makeLoadProgram("all"));

  test("lose no byte at either port, are counted once each, and leave nothing behind", async () => {
    // Without a burst nobody hears what was before the show.
    await using radio = await startStation(testConfig([{ burstSeconds: 0 }]));
    const { station } = radio;
    await using _source = await goLive(radio);
    const before = station.descriptors.used;
    const sessions = countSessions(radio);
    const doors = [crowdAt(radio.listenPort), crowdAt(radio.sourcePort)];
    const reports = (await Promise.all(doors)).flat();
    for (const report of reports)
      expect(report).toMatchObject({ ...FLAWLESS, run_unstamped_frames: 0, heard: report.asked });
    const asked = reports.reduce((sum, report) => sum + report.asked, 0);
    const left = reports.reduce((sum, report) => sum + report.left, 0);
    expect(asked).toBeGreaterThanOrEqual(2 * (STAYING + COMING) + left);
    expect(left).toBeGreaterThan(JOINS);
    await until("all have left", () => station.all[0].audience.count === 0);
    const { audience } = station.all[0];
    expect(audience.joined).toBe(asked);
    expect(sessions).toMatchObject({ joined: asked, left: asked, sentBytes: audience.sentBytes });
    expect(sessions.present.size).toBe(0);
    expect(audience.counts).toMatchObject({ addresses: 0, skipped: 0, doors: { listen: 0 } });
    await until("their descriptors are free", () => station.descriptors.used <= before + 8);
  });
});
