// A station whose process is stopped and goes on: nobody is dropped for the time in which it could hear nobody.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { concat } from "../format/mpeg-builder.ts";
import { scratch, until } from "../support/station.ts";
import { FRAME_MS, trackFrames } from "../support/tracks.ts";
import { goLive, type Wire } from "../support/wire.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");
const PASSWORD = "spell-of-the-test";
const CONFIG = `server {
  host = "127.0.0.1"
  source_port = 0
  listen_port = 0
  source_password = "${PASSWORD}"
}
advanced {
  source_timeout = 3
}
`;
const FROZEN_MS = 4500;

/** Sends audio at its own pace, as an encoder does, whether the station reads it or not. */
function encode(wire: Wire): Disposable {
  const frames = concat(...trackFrames(1, 40));
  const frameBytes = frames.length / 40;
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startMs) / FRAME_MS);
    for (; sent < due; sent++) {
      const at = (sent % 40) * frameBytes;
      wire.send(frames.subarray(at, at + frameBytes));
    }
  }, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

test("a source that went on sending stays, one that falls silent is ended after source_timeout", async () => {
  await using home = await scratch();
  const file = join(home.path, "config.hcl");
  await Bun.write(file, CONFIG);
  const child = Bun.spawn([process.execPath, MAIN, "-c", file], { cwd: home.path, stderr: "pipe" });
  const output = { out: "", err: "" };
  const read = async (stream: ReadableStream<Uint8Array>, to: "out" | "err") => {
    for await (const part of stream) output[to] += Buffer.from(part).toString();
  };
  const reading = Promise.all([read(child.stdout, "out"), read(child.stderr, "err")]);
  const portOf = () =>
    Number(/Connect your source to: http:\/\/127\.0\.0\.1:(\d+)/.exec(output.out)?.[1]);
  await until("the banner tells the port", () => portOf() > 0);
  using source = await goLive(portOf());
  const encoder = encode(source);
  await until(
    "it is on air",
    () => output.err.includes("the live source 127.0.0.1") && output.err.includes("is on air"),
  );

  child.kill("SIGSTOP");
  await Bun.sleep(FROZEN_MS);
  child.kill("SIGCONT");
  await until("it is told", () => /the process stood still for \d+ s/.test(output.err));
  await Bun.sleep(1000);
  expect(output.err).not.toContain("has left");
  encoder[Symbol.dispose]();
  await until("it is missed", () => output.err.includes("has left: it sent nothing for 3 s"));
  child.kill("SIGTERM");
  await child.exited;
  await reading;
});
