// A running station with a web hook whose receiver is away when it stops.
import { afterAll, expect, test } from "bun:test";
import { concat, mpegFrames } from "../format/mpeg-builder.ts";
import { operate } from "../support/operated.ts";
import { scratch, until } from "../support/station.ts";
import { goLive } from "../support/wire.ts";

const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

test("a message that nobody took before a restart is sent after it, under its id", async () => {
  const seen: { id: string | null; event: string }[] = [];
  let isAway = true;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { event } = (await request.json()) as { event: string };
      seen.push({ id: request.headers.get("webhook-id"), event });
      return new Response(null, { status: isAway ? 503 : 200 });
    },
  });
  const rest = `hook "chat" {
  url = "http://127.0.0.1:${server.port}/hook"
  events = ["live_begins"]
  allow_private = true
}
playlist { directory = "./nowhere" }
`;
  const keys = { server: '  state_directory = "./kept"\n', rest };
  const first = await operate(home.path, "hooked", keys);
  using source = await goLive(first.sourcePort);
  source.send(concat(...mpegFrames(50)));
  await until("it was tried", () => seen.length > 0);
  await first[Symbol.asyncDispose]();
  const before = seen.length;
  isAway = false;
  await using _second = await operate(home.path, "hooked", keys);
  await until("it is sent again", () => seen.length > before);
  expect(new Set(seen.map(({ id, event }) => `${event} ${id}`)).size).toBe(1);
  expect(seen[0]?.event).toBe("live_begins");
  await server.stop(true);
});
