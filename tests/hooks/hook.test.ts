// A web hook and its receiver: taken, refused, late, or away.
import { afterEach, expect, test } from "bun:test";
import { Hook, type HookConfig, type HookKind, MAX_WAITING } from "../../src/hooks/hook.ts";
import { sendAnywhere } from "../../src/hooks/request.ts";
import { type Message, signedHeaders } from "../../src/hooks/signature.ts";
import { createLog } from "../../src/lib/log.ts";
import { Secret } from "../../src/lib/secret.ts";
import { until } from "../support/station.ts";

const KIND: HookKind<HookConfig> = {
  block: "alert",
  request: (message, { url, secret }, nowMs) => ({
    url: url.reveal(),
    method: "POST",
    headers: signedHeaders(message, secret.reveal(), nowMs),
    body: message.body,
  }),
  send: () => sendAnywhere,
};

interface Got {
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (request: Request, nth: number) => Response | Promise<Response>;

const open: { stop(): void }[] = [];
afterEach(() => {
  for (const { stop } of open.splice(0)) stop();
});

/** A receiver on loopback, and a hook that sends to it without long pauses. */
function receiver(answer: Answer, { limitMs = 10_000, kind = KIND } = {}) {
  const got: Got[] = [];
  const lines: string[] = [];
  let [active, most] = [0, 0];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      most = Math.max(most, ++active);
      got.push({ headers: request.headers, body: await request.text() });
      const response = await answer(request, got.length);
      active--;
      return response;
    },
  });
  const config = { label: "ops", secret: new Secret("s3cret") };
  const url = new Secret(`http://127.0.0.1:${server.port}/hooks/token-of-the-hook`);
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const times = { wall: { nowMs: () => 1_700_000_000_000 }, firstWaitMs: 1, limitMs };
  const hook = new Hook({ ...config, url }, kind, log, times);
  open.push({
    stop() {
      hook.close();
      void server.stop(true);
    },
  });
  return { got, lines, hook, most: () => most };
}

const message = (id: string) => ({ id, body: JSON.stringify({ id }) });
const ids = (got: readonly Got[]) => got.map(({ headers }) => headers.get("webhook-id"));

test("messages arrive in order, signed, one at a time", async () => {
  const { got, hook, most } = receiver(() => new Response(null, { status: 204 }));
  for (const id of ["1", "2", "3"]) hook.send(message(id));
  await until("all are there", () => got.length === 3);
  expect([ids(got), most()]).toEqual([["1", "2", "3"], 1]);
  const [first] = got;
  expect(first?.body).toBe('{"id":"1"}');
  expect(first?.headers.get("webhook-signature")).toMatch(/^v1,[\w+/]+=*$/);
  expect(first?.headers.get("webhook-timestamp")).toBe("1700000000");
});

test("what is not taken is sent again under the same id, and then the next", async () => {
  const { got, lines, hook } = receiver(
    (_, nth) => new Response("", { status: nth < 4 ? 503 : 200 }),
  );
  hook.send(message("1"));
  hook.send(message("2"));
  await until("both are there", () => ids(got).includes("2"));
  expect(ids(got)).toEqual(["1", "1", "1", "1", "2"]);
  expect(lines).toEqual(['warn alert "ops" is tried again: the receiver answered 503']);
});

test.each([400, 404, 410, 301, 307])(
  "an answer %p is final, and no redirect is followed",
  async (status) => {
    const { got, lines, hook } = receiver(({ url }, nth) =>
      nth === 1
        ? new Response("", { status, headers: { location: `${url}/elsewhere` } })
        : new Response(),
    );
    hook.send(message("1"));
    hook.send(message("2"));
    await until("the next is there", () => ids(got).includes("2"));
    expect(ids(got)).toEqual(["1", "2"]);
    expect(lines).toEqual([`warn alert "ops" was not delivered: the receiver answered ${status}`]);
  },
);

test("a receiver that does not answer in time is tried again", async () => {
  const never = new Promise<Response>(() => undefined);
  const { got, lines, hook } = receiver((_, nth) => (nth === 1 ? never : new Response()), {
    limitMs: 50,
  });
  hook.send(message("1"));
  await until("it came again", () => got.length === 2);
  expect(lines).toEqual(['warn alert "ops" is tried again: the receiver did not answer in time']);
});

test("an answer without an end holds nothing up", async () => {
  const endless = () => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536)) });
  const { got, hook } = receiver((_, nth) => new Response(nth === 1 ? endless() : null));
  hook.send(message("1"));
  hook.send(message("2"));
  await until("the next is there", () => got.length === 2);
});

test("a receiver that is away costs a bounded queue, and neither log nor queue tells its address", async () => {
  const lines: string[] = [];
  const log = createLog((level, text) => void lines.push(`${level} ${text}`));
  const url = new Secret("http://127.0.0.1:1/token-of-the-hook");
  const hook = new Hook({ label: "ops", url, secret: new Secret("s3cret") }, KIND, log, {
    wall: { nowMs: () => 0 },
    firstWaitMs: 60_000,
  });
  for (let i = 0; i < MAX_WAITING + 10; i++) hook.send(message(String(i)));
  await until("one was tried", () => lines.some((line) => line.includes("tried again")));
  expect(lines.some((line) => line.includes("too many messages wait"))).toBe(true);
  expect(lines.join("\n")).not.toMatch(/127\.0\.0\.1|token-of-the-hook|s3cret/);
  hook.close();
});

test("what waits is known at every moment, so that it can be kept; what an earlier run left goes first", async () => {
  const states: string[] = [];
  const kind = {
    ...KIND,
    onWaiting: (waiting: readonly Message[]) => states.push(waiting.map(({ id }) => id).join(" ")),
  };
  const { got, hook } = receiver(() => new Response(), { kind });
  hook.send(message("3"));
  hook.restore([message("1"), message("2")]);
  hook.send(message("4"));
  await until("all are there", () => got.length === 4);
  await until("none waits", () => states.at(-1) === "");
  expect(ids(got)).toEqual(["3", "1", "2", "4"]);
  expect(states).toEqual(["3", "3 1 2", "3 1 2 4", "1 2 4", "2 4", "4", ""]);
});

test("a receiver that says when it wants to be asked again is left alone until then", async () => {
  const { got, lines, hook } = receiver(
    () => new Response("", { status: 429, headers: { "retry-after": "3600" } }),
  );
  hook.send(message("1"));
  await until("it is to be tried again", () => lines.length === 1);
  // With the hook's own first wait of a millisecond it would have been asked many times by now.
  for (let i = 0; i < 20; i++) await Bun.sleep(1);
  expect(got).toHaveLength(1);
});
