// A mount with a live source gets a turn when another input may have to go on air, not only when something is written.
import { expect, test } from "bun:test";
import { pauseMs } from "../../../src/output/audience/pause-ms.ts";
import { FakeInput } from "../../mount/fake-input.ts";
import { Stage } from "../../mount/stage.ts";

const NOTHING_DUE = { pauseMs: Number.POSITIVE_INFINITY };

test("the end of a hold is worth a turn if somebody listens", () => {
  using stage = new Stage({ sourceGrace: 5, burstSeconds: 8 });
  const { mount, live } = stage;
  stage.attachAll();
  live.ready = true;
  mount.advance(0);
  mount.lead.add(1000, 0);
  expect(pauseMs(mount, 3, true, NOTHING_DUE, 1000)).toBe(Number.POSITIVE_INFINITY);
  mount.detach(live, 1000, true);
  expect(pauseMs(mount, 3, true, NOTHING_DUE, 1000)).toBe(4000);
  expect(pauseMs(mount, 3, true, { pauseMs: 20 }, 1000)).toBe(20);
  expect(pauseMs(mount, 0, true, NOTHING_DUE, 1000)).toBe(Number.POSITIVE_INFINITY);
});

test("so is the moment from which a source counts as absent", () => {
  using stage = new Stage();
  let leftMs = 700;
  const live = Object.assign(new FakeInput("live"), { ready: true, pauseMs: () => leftMs });
  stage.mount.attach(live);
  stage.mount.advance(0);
  expect(pauseMs(stage.mount, 3, true, NOTHING_DUE, 0)).toBe(700);
  leftMs = -1;
  expect(pauseMs(stage.mount, 3, true, NOTHING_DUE, 0)).toBe(0);
});
