// A request head: whatever ends its lines, however it is cut, and not a byte of what follows it is lost.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { HeadReader, type HeadResult, type RequestHead } from "../../src/wire/request-head.ts";
import { basicCredentials } from "../../src/wire/basic.ts";
import { HEADS } from "../door/encoders.ts";

const AUDIO = Buffer.from([0xff, 0xfb, 0x90, 0x00, 0x0a, 0x0a, 0x0d, 0x0a, 0x0d, 0x0a, 1, 2, 3]);

/** What comes out of chunks: the result, and everything behind the head. */
function read(chunks: Iterable<Uint8Array>): { result: HeadResult; rest: Buffer } {
  const reader = new HeadReader();
  let result: HeadResult = { kind: "more" };
  const rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (result.kind !== "more") rest.push(chunk);
    else result = reader.push(chunk);
  }
  if (result.kind === "more" || result.kind === "bad") return { result, rest: Buffer.alloc(0) };
  const behind = result.kind === "foreign" ? result.bytes : result.rest;
  return { result, rest: Buffer.concat([behind, ...rest]) };
}

/** Whole, byte by byte, and cut in two at every point: all must agree. */
function readEveryWay(input: Uint8Array): ReturnType<typeof read> {
  const whole = read([input]);
  const ways = [Array.from(input, (_, i) => input.subarray(i, i + 1))];
  for (let cut = 1; cut < input.length; cut++) {
    ways.push([input.subarray(0, cut), input.subarray(cut)]);
  }
  for (const way of ways) {
    const { result, rest } = read(way);
    expect(plain(result)).toEqual(plain(whole.result));
    expect(rest.equals(whole.rest)).toBe(true);
  }
  return whole;
}

function plain(result: HeadResult): unknown {
  if (result.kind === "password") return { line: result.line };
  if (result.kind === "foreign") return result.opening;
  if (result.kind !== "head") return result;
  return { ...result.head, headers: [...result.head.headers] };
}

function headOf(text: string | Uint8Array): RequestHead {
  const { result } = readEveryWay(Buffer.from(text));
  if (result.kind !== "head") throw new Error(`no head but ${JSON.stringify(result)}`);
  return result.head;
}

describe("the head of a real encoder", () => {
  test.each(Object.entries(HEADS))(
    "%s is read however it is cut, and the audio behind it kept",
    (_, vector) => {
      const input = Buffer.concat([Buffer.from(vector.head), AUDIO]);
      const { result, rest } = readEveryWay(input);
      if (result.kind !== "head") throw new Error("no head");
      const { method, target, version, headers } = result.head;
      expect(`${method} ${target} ${version}`).toBe(vector.request);
      expect(headers.get("content-type")).toBe("audio/mpeg");
      expect(basicCredentials(headers.get("authorization"))?.user).toBe("source");
      expect(rest.equals(AUDIO)).toBe(true);
    },
  );
});

describe("a head", () => {
  test.each([
    ["CRLF", "\r\n", "\r\n\r\n"],
    ["LF", "\n", "\n\n"],
    ["LF with CRLF at the end, as DarkIce has it", "\n", "\r\n\r\n"],
    ["CR CR LF, as old Winamp plug-ins have it", "\r\r\n", "\r\r\n\r\r\n"],
  ])("may end its lines with %s", (_, line, end) => {
    const head = headOf(["SOURCE /m HTTP/1.0", "A: 1", `B: 2${end}`].join(line));
    expect([...head.headers]).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  test("has header names in any case and values with or without a blank", () => {
    const head = headOf("PUT /m HTTP/1.1\r\nICE-Name:x\r\ncontent-TYPE : audio/mpeg \r\n\r\n");
    expect(head.headers.get("ice-name")).toBe("x");
    expect(head.headers.get("content-type")).toBe("audio/mpeg");
  });

  test("keeps of a repeated header the last", () => {
    expect(headOf("PUT /m HTTP/1.1\nx: 1\nX: 2\n\n").headers.get("x")).toBe("2");
  });

  test("passes over lines that are no headers", () => {
    const head = headOf("PUT /m HTTP/1.1\nno colon\n: no name\nx: y: z\n\n");
    expect([...head.headers]).toEqual([["x", "y: z"]]);
  });

  test("may be in UTF-8 or in the code page of Windows", () => {
    const utf8 = headOf("SOURCE /m HTTP/1.0\r\nice-name: Café – Ü\r\n\r\n");
    expect(utf8.headers.get("ice-name")).toBe("Café – Ü");
    const windows = Buffer.from(
      "SOURCE /m HTTP/1.0\r\nice-name: Caf\xe9 \x96 \xdc\r\n\r\n",
      "latin1",
    );
    expect(headOf(windows).headers.get("ice-name")).toBe("Café – Ü");
  });

  test.each([
    ["nothing", "\r\n\r\n"],
    ["another protocol", "SOURCE /m RTSP/1.0\r\n\r\n"],
    ["another version", "SOURCE /m HTTP/2.0\r\n\r\n"],
    ["no protocol", "SOURCE /m\r\n\r\n"],
    ["two blanks", "SOURCE  /m HTTP/1.0\r\n\r\n"],
  ])("is bad when its first line is %s", (_, text) => {
    const { result } = readEveryWay(Buffer.from(text, "latin1"));
    expect(result).toEqual({ kind: "bad", reason: "the first line is no request" });
  });

  test("of 8192 bytes is read, one more is too long, ended or not", () => {
    const start = "SOURCE /m HTTP/1.0\r\nx: ";
    const head = (size: number) => `${start}${"y".repeat(size - start.length - 4)}\r\n\r\n`;
    expect(read([Buffer.from(head(8192))]).result.kind).toBe("head");
    const bad = { kind: "bad", reason: "the request head is too long" } as const;
    expect(read([Buffer.from(head(8193))]).result).toEqual(bad);
    const endless = Buffer.alloc(8193, "y");
    expect(read([endless]).result).toEqual(bad);
    expect(read(Array.from(endless, (_, i) => endless.subarray(i, i + 1))).result).toEqual(bad);
  });

  test("of 64 headers is read, one more is too many", () => {
    const head = (count: number) => `PUT /m HTTP/1.1\n${"a: b\n".repeat(count)}\n`;
    expect(read([Buffer.from(head(64))]).result.kind).toBe("head");
    const { result } = read([Buffer.from(head(65))]);
    expect(result).toEqual({ kind: "bad", reason: "the request has too many headers" });
  });

  test("does not keep the socket's memory", () => {
    const reader = new HeadReader();
    const chunk = Buffer.from("SOURCE /first HTTP/1.0\r\n");
    reader.push(chunk);
    chunk.fill(0);
    const result = reader.push(Buffer.from("\r\n"));
    expect(result.kind === "head" && result.head.target).toBe("/first");
  });
});

describe("a line that is no request", () => {
  test.each([
    ["CRLF", "hackme\r\n", "hackme"],
    ["LF", "hackme\n", "hackme"],
    ["CR CR LF", "hackme\r\r\n", "hackme"],
    ["blanks and colons in it", "my dear: pass:#2\n", "my dear: pass:#2"],
    ["a name of a method in it", "GETmein\r\n", "GETmein"],
    ["bytes of Windows' code page", Buffer.from("gr\xfcn\r\n", "latin1"), "grün"],
  ])("with %s is a password, and what follows it is kept", (_, text, line) => {
    for (const after of [AUDIO, Buffer.from("icy-name:x\r\n\r\n")]) {
      const { result, rest } = readEveryWay(Buffer.concat([Buffer.from(text), after]));
      expect(result.kind === "password" && result.line).toBe(line);
      expect(rest.equals(after)).toBe(true);
    }
  });
});

test("a request's target may have blanks in it", () => {
  expect(headOf("GET /admin.cgi?song=A B  C HTTP/1.0\n\n").target).toBe("/admin.cgi?song=A B  C");
});

test("another protocol keeps all that came of it, wherever it is cut", () => {
  for (const input of [
    [0xff, 0xe0, 0],
    [0x16, 3, 1, 2],
  ])
    expect(readEveryWay(Uint8Array.from(input)).rest).toEqual(Buffer.from(input));
});

describe("for any bytes", () => {
  const ends = fc.constantFrom("\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r\n", ": ");
  const soup = fc
    .array(fc.oneof(ends, fc.string({ maxLength: 8 }), fc.constant("PUT /m HTTP/1.1\n")))
    .map((parts) => Buffer.from(parts.join(""), "latin1"));

  test("reading never throws and no cut changes the result", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), soup), (bytes) => {
        readEveryWay(bytes);
      }),
      { numRuns: 200 },
    );
  });

  test("what follows a head is exactly what was sent behind it", () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 8 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (body, at) => {
        const head = Buffer.from("PUT /m HTTP/1.1\r\nContent-Type: audio/mpeg\r\n\r\n");
        const input = Buffer.concat([head, body]);
        const edges = [0, ...at.filter((cut) => cut < input.length), input.length];
        edges.sort((a, b) => a - b);
        const chunks = edges.slice(1).map((end, i) => input.subarray(edges[i], end));
        expect(read(chunks).rest.equals(body)).toBe(true);
      }),
    );
  });
});

describe("Basic credentials", () => {
  const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text).toString("base64")}`;

  test.each([
    ["source", "secret"],
    ["source", ""],
    ["", "secret"],
    ["source", "with:colons::"],
    ["source", "Pässwörd ☃"],
  ])("of user %p and password %p are read", (user, password) => {
    expect(basicCredentials(basic(`${user}:${password}`))).toEqual({ user, password });
  });

  test("may name the scheme in any case and have no padding", () => {
    const header = basic("source:ab").replace("Basic ", "bAsIc   ").replace(/=+$/, "");
    expect(basicCredentials(header)).toEqual({ user: "source", password: "ab" });
  });

  test("may be in the code page of Windows", () => {
    const header = basic(Buffer.from("source:gr\xfcn", "latin1"));
    expect(basicCredentials(header)).toEqual({ user: "source", password: "grün" });
  });

  test.each([
    undefined,
    "",
    "Basic",
    "Basic ",
    "Bearer abc",
    basic("no colon"),
    "Digest username=x",
    "Basic %%%",
  ])("are not in %p", (header) => expect(basicCredentials(header)).toBeNull());

  test("of anything are read or not, and never throw", () => {
    fc.assert(fc.property(fc.string(), (text) => void basicCredentials(`Basic ${text}`)));
  });
});
