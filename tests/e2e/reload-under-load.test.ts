// Fifty reloads under a thousand listeners: each changes something, and nobody misses a frame.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type CrowdReport, LoadProgram } from "../bench/load/load-program.ts";
import { makeLoadProgram } from "../bench/load/make.ts";
import { PASSWORD } from "../support/config.ts";
import { operate } from "../support/operated.ts";
import { requireLinux } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";

const LISTENERS_AT_A_DOOR = 500;
const RELOADS = 50;

const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

/** Every reload changes a name, limits, a timeout and the mounts. */
const settings = (turn: number) => ({
  server: `  admin_user = "admin"\n`,
  rest: `metadata {
  station_name = "Radio ${turn}"
}
buffer {
  burst_seconds = ${turn % 2 === 0 ? 1 : 2}
}
advanced {
  max_listeners = ${2000 + turn}
  listener_timeout = ${60 + turn}
}
mount "/only-${turn}" {
  source_password = "another-${turn}"
}
`,
});

describe.skipIf(!requireLinux("the load generator"))("under load", () => {
  beforeAll(() => makeLoadProgram("all"));

  test("fifty reloads drop nobody of a thousand listeners, and lose no frame", async () => {
    await using at = await operate(home.path, "crowded", settings(0));
    const login = ["--port", at.sourcePort, "--password", PASSWORD];
    await using source = new LoadProgram("source", login);
    await source.event("live");
    await at.has("/stream: the live source 127.0.0.1");
    const hear = (port: number, ...words: string[]) => {
      const bounds = ["--listeners", LISTENERS_AT_A_DOOR, "--seconds", 600, ...words];
      return new LoadProgram("crowd", ["--port", port, ...bounds]);
    };
    await using near = hear(at.sourcePort);
    await using titled = hear(at.listenPort, "--icy");
    await Promise.all([near.event("window"), titled.event("window")]);
    for (let turn = 1; turn <= RELOADS; turn++) {
      await at.write(settings(turn));
      const answer = await at.ask("/api/admin/reload", "POST");
      expect(answer.status).toBe(200);
      const { applied } = (await answer.json()) as { applied: string[] };
      expect(applied.length).toBeGreaterThan(4);
    }
    const stats = await (await at.ask("/status-json.xsl")).text();
    expect(stats).toContain(`Radio ${RELOADS}`);
    for (const crowd of [near, titled]) {
      crowd.stop();
      const report = await crowd.event<CrowdReport>("report");
      expect(report).toMatchObject({
        heard: LISTENERS_AT_A_DOOR,
        closed: 0,
        run_lost_frames: 0,
        run_repeated_frames: 0,
        run_unstamped_frames: 0,
        run_garbage_bytes: 0,
      });
    }
    source.stop();
    await until("the source has ended", async () => (await source.exited) === 0);
  }, 120_000);
});
