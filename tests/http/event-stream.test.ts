// One stream of events for several clients, one of whose events cannot be rendered.
import { expect, test } from "bun:test";
import { eventOf, EventStream } from "../../src/http/event-stream.ts";

test("an event that cannot be rendered is lost, and the later ones are sent", async () => {
  const stream = new EventStream<null>({ total: 10, perClient: 10 }, () => new DisposableStack());
  const sent: string[] = [];
  const client = {
    write: (bytes: Uint8Array) => (sent.push(Buffer.from(bytes).toString()), "open" as const),
    end: () => undefined,
    abort: () => undefined,
  };
  stream.join(client, null);
  const broken = stream.send(() => {
    throw new Error("no such mount");
  });
  expect(await broken.catch(String)).toContain("no such mount");
  await stream.send(() => eventOf("status", "{}"));
  expect(sent).toEqual(["event: status\ndata: {}\n\n"]);
});
