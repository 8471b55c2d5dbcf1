// A listener of the source port that has closed its half of the connection: it still listens, as with Icecast.
import { expect, test } from "bun:test";
import type { ClientConnection } from "../../src/door/handler.ts";
import { ListenerHandler } from "../../src/door/listener-handler.ts";
import { CLIENT, Stage } from "../output/stage.ts";

const TIMEOUT_MS = 10_000;
/** Another input needs a moment to replace a source that has ended. */
const GONE_MS = TIMEOUT_MS + 5000;

/** A listener that has just closed its half, and what happened to its connection. */
function halfClosed() {
  const stage = new Stage({ sourceTimeout: TIMEOUT_MS / 1000, burstSeconds: 0 });
  const calls: string[] = [];
  const kernel = { room: Infinity };
  const connection = {
    record: { sentBytes: 0 },
    descriptor: -1,
    write: (bytes: Uint8Array) => Math.min(bytes.length, kernel.room),
    finish: () => calls.push("finish"),
    drop: () => undefined,
    settle: () => undefined,
    release: () => undefined,
    watch: () => calls.push("watch"),
  } as unknown as ClientConnection;
  const handler = new ListenerHandler(connection, Buffer.from("head"), stage.audience, CLIENT);
  handler.onEnd();
  handler.checkTimeout(stage.clock.now);
  return {
    stage,
    calls,
    kernel,
    /** Lets time pass without audio. Whether it still listens. */
    isHereAfter(ms: number): boolean {
      stage.pass(ms);
      handler.checkTimeout(stage.clock.now);
      return stage.audience.count === 1;
    },
    [Symbol.dispose]: () => stage[Symbol.dispose](),
  };
}

test("it stays while its source pauses for source_timeout, and while anything is written to it", () => {
  using listener = halfClosed();
  expect(listener.calls).toEqual(["watch"]);
  expect(listener.isHereAfter(GONE_MS - 1)).toBe(true);
  listener.stage.play(1);
  expect(listener.isHereAfter(GONE_MS - 1)).toBe(true);
  expect(listener.calls).toEqual(["watch"]);
});

test("it is taken for gone when nothing was written to it for longer", () => {
  using listener = halfClosed();
  expect(listener.isHereAfter(GONE_MS)).toBe(false);
  expect(listener.calls).toEqual(["watch", "finish"]);
});

test("it stays while its connection is blocked, however long", () => {
  using listener = halfClosed();
  listener.kernel.room = 0;
  listener.stage.play(1);
  expect(listener.isHereAfter(0)).toBe(true);
  expect(listener.isHereAfter(GONE_MS)).toBe(true);
  expect(listener.calls).toEqual(["watch"]);
});
