// The service manager hears that the station is up, that it turns, and that it ends; on a real socket.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Notifier } from "../../src/native/notify.ts";
import { Datagrams } from "../support/datagrams.ts";
import { scratch, until } from "../support/station.ts";

const ABSTRACT = `@cycast-test-${process.pid}`;
const well = () => true;

test("READY=1 and STOPPING=1 are sent to a path, each once", async () => {
  await using folder = await scratch();
  using manager = new Datagrams(join(folder.path, "notify"));
  const notifier = new Notifier({ NOTIFY_SOCKET: manager.name });
  expect(notifier.ready(well)).toBe(true);
  notifier.stopping();
  expect(manager.heard).toEqual(["READY=1", "STOPPING=1"]);
});

test("an abstract name is one too", () => {
  using manager = new Datagrams(ABSTRACT);
  expect(new Notifier({ NOTIFY_SOCKET: ABSTRACT }).ready(well)).toBe(true);
  expect(manager.heard).toEqual(["READY=1"]);
});

test("without a service manager nothing is sent and nothing is wrong", () => {
  const notifier = new Notifier({ WATCHDOG_USEC: "30000" });
  expect(notifier.ready(well)).toBe(true);
  notifier.stopping();
});

test("a service manager that cannot be reached is noticed", () => {
  expect(new Notifier({ NOTIFY_SOCKET: "/nowhere/at/all" }).ready(well)).toBe(false);
  expect(new Notifier({ NOTIFY_SOCKET: "vsock:2:1234" }).ready(well)).toBe(false);
});

test("the watchdog hears WATCHDOG=1 again and again until the station stops", async () => {
  using manager = new Datagrams(ABSTRACT);
  const notifier = new Notifier({ NOTIFY_SOCKET: ABSTRACT, WATCHDOG_USEC: "30000" });
  notifier.ready(well);
  await manager.hears("WATCHDOG=1", 3);
  notifier.stopping();
  expect(manager.heard.at(-1)).toBe("STOPPING=1");
  await Bun.sleep(50); // More than a watchdog period, in which a beat that goes on would be heard.
  expect(manager.heard.at(-1)).toBe("STOPPING=1");
});

test("a station that does not turn is silent to its watchdog", async () => {
  using manager = new Datagrams(ABSTRACT);
  let looks = 0;
  const notifier = new Notifier({ NOTIFY_SOCKET: ABSTRACT, WATCHDOG_USEC: "30000" });
  notifier.ready(() => ++looks < 0);
  await until("it was looked at", () => looks >= 3);
  notifier.stopping();
  expect(manager.heard).toEqual(["READY=1", "STOPPING=1"]);
});

test.each([String(process.pid + 1), "nonsense"])(
  "a watchdog of process %s is not ours",
  async (WATCHDOG_PID) => {
    using manager = new Datagrams(ABSTRACT);
    const env = { NOTIFY_SOCKET: ABSTRACT, WATCHDOG_USEC: "3000", WATCHDOG_PID };
    const notifier = new Notifier(env);
    notifier.ready(well);
    await Bun.sleep(20); // Several watchdog periods.
    notifier.stopping();
    expect(manager.heard).toEqual(["READY=1", "STOPPING=1"]);
  },
);
