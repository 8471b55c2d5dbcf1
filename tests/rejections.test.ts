// Rejected promises that nothing handles, as the process reports them.
import { expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import { createLog } from "../src/lib/log.ts";
import { logRejections } from "../src/rejections.ts";

function rejecting() {
  const logged: string[] = [];
  const emitter = new EventEmitter();
  logRejections(
    createLog((level, text) => logged.push(`${level} ${text}`)),
    emitter,
  );
  return { logged, reject: (reason: unknown) => emitter.emit("unhandledRejection", reason) };
}

test("an error is logged once with its stack, and in one line when it comes again", () => {
  const { logged, reject } = rejecting();
  const error = new Error("the queue is gone");
  for (let i = 0; i < 20; i++) reject(error);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toMatch(/^error .*: Error: the queue is gone at .*rejections\.test\.ts/);
  expect(logged[1]).toBe("warn an internal error has occurred again: Error: the queue is gone");
});

test("what is no error is logged as text", () => {
  const { logged, reject } = rejecting();
  reject("no reason");
  expect(logged[0]).toEndWith(": no reason");
});

test("errors that differ without end do not fill the log", () => {
  const { logged, reject } = rejecting();
  for (let i = 0; i < 10_000; i++) reject(new Error(`number ${i}`));
  expect(logged.length).toBeLessThan(500);
});
