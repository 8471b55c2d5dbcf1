// Where the messages of web hooks may go: to public addresses, whatever a name leads to, and nowhere else.
import { afterAll, expect, test } from "bun:test";
import { isPublic, PrivateAddress, publicSend } from "../../src/hooks/request.ts";

const hosts: (string | null)[] = [];
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    hosts.push(request.headers.get("host"));
    const isMoved = new URL(request.url).pathname === "/moved";
    return isMoved ? Response.redirect("http://127.0.0.1:1/inside", 302) : new Response("taken");
  },
});
afterAll(() => server.stop(true));

const signal = new AbortController().signal;

function request(url: string) {
  return { url, method: "POST" as const, headers: {}, body: "{}" };
}

test.each([
  ...["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"],
  ...["0.0.0.0", "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255"],
  ...["::", "::1", "::ffff:127.0.0.1", "::7f00:1", "fc00::1", "fd12::1", "fe80::1", "ff02::1"],
  ...["64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "fe80::1%eth0", "nowhere"],
])("%s is not public", (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(["192.0.2.1", "8.8.8.8", "172.32.0.1", "2001:db8::1", "2606:4700::1111"])(
  "%s is not private",
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

test.each([
  ["a private address", "http://10.0.0.1/x", ["10.0.0.1"]],
  ["a name of this machine", "http://localhost:8001/admin", ["127.0.0.1"]],
  ["a public name that leads inside", "https://hook.example/x", ["169.254.169.254"]],
  ["a name with one private address among others", "http://a.example/", ["192.0.2.1", "::1"]],
  ["an address in another notation", "http://0x7f.1/", ["127.0.0.1"]],
  ["a name without an address", "http://nowhere.example/", []],
])("%s gets nothing", async (_, url, addresses) => {
  const asked: string[] = [];
  const send = publicSend(async (host) => {
    asked.push(host);
    return addresses;
  });
  const error = await send(request(url), signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PrivateAddress);
  expect(asked).toHaveLength(1);
});

test("the connection goes to the address that was checked, and says the name that was meant", async () => {
  const url = `http://hook.example:${server.port}/hook`;
  const answers = [["127.0.0.1"], ["192.0.2.1"]];
  const send = publicSend(
    async () => answers.shift() ?? [],
    () => true,
  );
  expect((await send(request(url), signal)).status).toBe(200);
  expect(hosts.at(-1)).toBe(`hook.example:${server.port}`);
  // The name was looked up once: what it leads to afterwards does not matter.
  expect(answers).toHaveLength(1);
});

test("a redirect to the inside is an answer, and is not followed", async () => {
  const send = publicSend(
    async () => ["127.0.0.1"],
    () => true,
  );
  const { status } = await send(request(`http://hook.example:${server.port}/moved`), signal);
  expect(status).toBe(302);
});

test("a name server that does not answer takes no longer than the attempt may", async () => {
  const stop = new AbortController();
  const send = publicSend(() => new Promise(() => undefined));
  const sent = send(request("http://slow.example/"), stop.signal).catch(
    (thrown: unknown) => thrown,
  );
  stop.abort(new DOMException("late", "TimeoutError"));
  expect(await sent).toMatchObject({ name: "TimeoutError" });
});
