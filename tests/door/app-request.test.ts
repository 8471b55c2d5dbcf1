// Requests as old clients write them, in the form the HTTP app takes: whole, with our own host, without what is the connection's.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { appRequest, pathOf } from "../../src/door/app-request.ts";
import type { RequestHead } from "../../src/wire/request-head.ts";

const REACHED = { localAddress: "192.0.2.7", localPort: 8000 };

function request(target: string, headers: Record<string, string> = {}, method = "GET"): Request {
  const head: RequestHead = {
    method,
    target,
    version: "HTTP/1.0",
    headers: new Map(Object.entries(headers)),
  };
  return appRequest(head, null, REACHED, new AbortController().signal);
}

describe("a target", () => {
  test.each([
    ["/x?y=1", "/x?y=1"],
    ["http://radio.example:8000/x?y", "/x?y"],
    ["HTTP://radio.example", "/"],
    ["icy://radio.example/x", "/x"],
    ["x", "/x"],
    ["*", "/*"],
    ["//x//y", "//x//y"],
    ["/x#y", "/x"],
    ["/redirect?to=http://a.b/c", "/redirect?to=http://a.b/c"],
  ])("%s is %s", (target, path) => expect(pathOf(target)).toBe(path));

  test("has our own name in the URL, so that no client's name changes the route", () => {
    expect(request("/x", { host: "a" }).url).toBe("http://localhost:8000/x");
    expect(request("//evil.example/x").url).toBe("http://localhost:8000//evil.example/x");
  });

  test("with blanks and letters that are not ASCII is encoded", () => {
    expect(request("/a?song=Ü – x").url).toBe(
      "http://localhost:8000/a?song=%C3%9C%20%E2%80%93%20x",
    );
  });

  test("and headers of whatever kind make a request or a TypeError", () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        name,
        fc.string({ unit: "binary" }),
        (target, key, value) => {
          try {
            expect(new URL(request(target, { [key.toLowerCase()]: value }).url).host).toBe(
              "localhost:8000",
            );
          } catch (error) {
            if (!(error instanceof TypeError)) throw error;
          }
        },
      ),
    );
  });
});

describe("headers", () => {
  test("name the host the client names, else the address it reached", () => {
    expect(request("/", { host: "radio.example" }).headers.get("host")).toBe("radio.example");
    expect(request("/").headers.get("host")).toBe("192.0.2.7:8000");
    expect(request("/", { host: "" }).headers.get("host")).toBe("192.0.2.7:8000");
  });

  test("about the body stay behind, the others come along as bytes", () => {
    const own = { connection: "upgrade", upgrade: "h2c", expect: "x", "content-length": "7" };
    const given = {
      ...own,
      "transfer-encoding": "chunked",
      "user-agent": "Café ☃",
      "bad name": "x",
    };
    const { headers } = request("/", given);
    expect([...headers.keys()].sort()).toEqual(["connection", "host", "user-agent"]);
    expect(Buffer.from(headers.get("user-agent") ?? "", "latin1").toString()).toBe("Café ☃");
  });

  test("cannot smuggle lines", () => {
    expect(request("/", { "x-a": "1\r\nx-b: 2\u0000" }).headers.get("x-a")).toBe("1  x-b: 2");
  });
});
