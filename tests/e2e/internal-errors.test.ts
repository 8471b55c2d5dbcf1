// Errors of the station's own, made by a script that is loaded before it: a rejected promise that nothing handles, and an exception.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { operate } from "../support/operated.ts";
import { scratch, until } from "../support/station.ts";
import { Wire } from "../support/wire.ts";

const FAULTS = `
process.on("SIGWINCH", () => void Promise.reject(new Error("made up, in a promise")));
process.on("SIGURG", () => setTimeout(() => { throw new Error("made up, in a timer"); }));
`;

async function operateFaulty(folder: string) {
  const script = join(folder, "faults.ts");
  await Bun.write(script, FAULTS);
  return operate(folder, "station", {}, ["env", `BUN_OPTIONS=--preload=${script}`]);
}

test("a rejected promise that nothing handles is logged with its stack, and listeners hear on", async () => {
  await using folder = await scratch();
  await using station = await operateFaulty(folder.path);
  using listener = await Wire.listen(station.sourcePort, "/stream");
  station.child.kill("SIGWINCH");
  await station.has("made up, in a promise");
  await until("the stack is logged", () => /at .*faults\.ts/.test(station.log()));
  const heard = listener.length;
  await until("it hears on", () => listener.length > heard);
  expect(listener.isClosed).toBe(false);
  expect(station.child.exitCode).toBeNull();
});

test("an exception in a timer ends the process, so that whatever watches it starts it again", async () => {
  await using folder = await scratch();
  await using station = await operateFaulty(folder.path);
  station.child.kill("SIGURG");
  expect(await station.child.exited).toBe(1);
  await station.has("made up, in a timer");
});
