// An answer of the HTTP app on the source port that is a stream, and fails on its way.
import { expect, test } from "bun:test";
import { AppHandler } from "../../src/door/app-handler.ts";
import type { ClientConnection } from "../../src/door/handler.ts";
import { until } from "../support/station.ts";

const HEAD = {
  method: "GET",
  target: "/api/events",
  version: "HTTP/1.0",
  headers: new Headers({ host: "radio.example" }),
} as unknown as ConstructorParameters<typeof AppHandler>[0];

/** Streams one event, then fails. */
function failing(): Response {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ > 0) throw new Error("the feed failed");
      controller.enqueue(Buffer.from("data: 1\n\n"));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

test("a stream that fails costs its connection, which gets no second head, and is logged", async () => {
  const failures: string[] = [];
  const written: string[] = [];
  let dropped = 0;
  const connection = {
    record: { sentBytes: 0 },
    origin: { address: "127.0.0.1" },
    address: "127.0.0.1",
    localAddress: "127.0.0.1",
    localPort: 8000,
    descriptor: -1,
    write: (bytes: Uint8Array) => written.push(Buffer.from(bytes).toString()) && bytes.length,
    finish: () => undefined,
    drop: () => void dropped++,
    settle: () => undefined,
  } as unknown as ClientConnection;
  const responder = {
    nowMs: () => 0,
    refuse: (status: number, sentence: string) => new Response(sentence, { status }),
    head: ({ status }: Response) => Buffer.from(`HEAD ${status}\n`),
    failed: (error: unknown) => void failures.push(String(error)),
  };
  const handler = new AppHandler(HEAD, connection, responder, failing);
  await until("it is dropped", () => dropped > 0);
  handler.onClose();
  await Bun.sleep(0);
  expect(failures).toEqual(["Error: the feed failed"]);
  expect(written.join("")).toBe("HEAD 200\ndata: 1\n\n");
});
