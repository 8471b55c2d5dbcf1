// The header of the PROXY protocol, in both versions: whole, split at every point, and broken.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ProxyHeaderReader, type ProxyHeaderResult } from "../../src/wire/proxy-header.ts";

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const REST = "SOURCE /stream HTTP/1.0\r\n";

/** `command`: version and command; `family`: family and transport. */
function binary(command: number, family: number, body: readonly number[], length = body.length) {
  return Buffer.from([...SIGNATURE, command, family, length >> 8, length & 0xff, ...body]);
}

const V4 = [198, 51, 100, 7, 192, 0, 2, 1, 0x9c, 0x40, 0x1f, 0x40];
const V6 = [
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7],
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0x9c, 0x40, 0x1f, 0x40],
];
const MAPPED = [
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 198, 51, 100, 7],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1],
  ...[0x9c, 0x40, 0x1f, 0x40],
];
/** A unique id, and two more that nobody knows. */
const TLVS = [0x05, 0, 3, 1, 2, 3, 0xee, 0, 0, 0xef, 0, 1, 9];

const TO_V4 = { address: "198.51.100.7", localAddress: "192.0.2.1", localPort: 8000 };
const TO_V6 = { address: "2001:db8::7", localAddress: "2001:db8::1", localPort: 8000 };

const VALID: readonly [string, Uint8Array, typeof TO_V4 | null][] = [
  ["version 1, IPv4", line("PROXY TCP4 198.51.100.7 192.0.2.1 40000 8000"), TO_V4],
  ["version 1, IPv6", line("PROXY TCP6 2001:DB8::7 2001:db8::1 40000 8000"), TO_V6],
  [
    "version 1, IPv4 as IPv6",
    line("PROXY TCP6 ::ffff:198.51.100.7 ::ffff:192.0.2.1 1 8000"),
    TO_V4,
  ],
  ["version 1, in hex", line("PROXY TCP6 ::ffff:c633:6407 0::ffff:c000:201 1 8000"), TO_V4],
  ["version 1, at length", line("PROXY TCP6 2001:db8:0:0::7 2001:0db8::1 40000 8000"), TO_V6],
  ["version 1, unknown", line("PROXY UNKNOWN"), null],
  [
    "version 1 of 107 bytes",
    line(`PROXY UNKNOWN ${"f".repeat(107 - "PROXY UNKNOWN ".length - 2)}`),
    null,
  ],
  ["version 2, IPv4", binary(0x21, 0x11, V4), TO_V4],
  ["version 2, IPv6", binary(0x21, 0x21, V6), TO_V6],
  ["version 2, IPv4 as IPv6", binary(0x21, 0x21, MAPPED), TO_V4],
  ["version 2 with more about the connection", binary(0x21, 0x11, [...V4, ...TLVS]), TO_V4],
  ["version 2 of 2048 bytes", binary(0x21, 0x21, [...V6, ...Array<number>(1996).fill(4)]), TO_V6],
  ["version 2, a health check", binary(0x20, 0x00, []), null],
  ["version 2, a health check with addresses", binary(0x20, 0x11, V4), null],
  ["version 2, unspecified", binary(0x21, 0x00, TLVS), null],
  ["version 2, a Unix socket", binary(0x21, 0x31, Array<number>(216).fill(47)), null],
];

function line(text: string): Uint8Array {
  return Buffer.from(`${text}\r\n`);
}

function read(...parts: readonly Uint8Array[]): ProxyHeaderResult {
  const reader = new ProxyHeaderReader();
  let result: ProxyHeaderResult = { kind: "more" };
  for (const part of parts) if (result.kind === "more") result = reader.push(part);
  return result;
}

describe.each(VALID)("%s", (_, header, ends) => {
  const whole = Buffer.concat([header, Buffer.from(REST)]);

  test("gives both ends, and what follows", () => {
    const result = read(whole);
    expect(result).toMatchObject({ kind: "header", ends });
    expect(Buffer.from(result.kind === "header" ? result.rest : []).toString()).toBe(REST);
  });

  test("gives the same however it is split", () => {
    for (let at = 0; at <= header.length; at++) {
      const result = read(whole.subarray(0, at), whole.subarray(at, header.length));
      expect(result).toMatchObject({ kind: "header", ends });
    }
    const bytes = Array.from(header, (byte) => Uint8Array.of(byte));
    expect(read(...bytes)).toMatchObject({ kind: "header", ends });
    expect(read(...bytes.slice(0, -1)).kind).toBe("more");
  });
});

const NONE = "it sends no PROXY header";
const BROKEN = "its PROXY header is broken";
const UNKNOWN = "its PROXY header has an unknown version or command";

test.each<[string, Uint8Array, string]>([
  ["an encoder's request", Buffer.from(REST), NONE],
  ["a SHOUTcast password", Buffer.from("PASSWORD\r\n"), NONE],
  ["TLS", Buffer.from([0x16, 0x03, 0x01]), NONE],
  ["a broken signature", Buffer.from("\r\n\r\n\0\r\nQUIT\r"), NONE],
  ["another protocol", line("PROXY UDP4 198.51.100.7 192.0.2.1 40000 8000"), BROKEN],
  ["an address of the other family", line("PROXY TCP4 2001:db8::7 192.0.2.1 1 2"), BROKEN],
  ["an IPv4 address as IPv6", line("PROXY TCP6 198.51.100.7 192.0.2.1 1 2"), BROKEN],
  ["no address", line("PROXY TCP4 256.51.100.7 192.0.2.1 1 2"), BROKEN],
  ["no port", line("PROXY TCP4 198.51.100.7 192.0.2.1 1 65536"), BROKEN],
  ["a missing port", line("PROXY TCP4 198.51.100.7 192.0.2.1 1"), BROKEN],
  ["two blanks", line("PROXY TCP4  198.51.100.7 192.0.2.1 1 2"), BROKEN],
  ["a line of 108 bytes", line(`PROXY UNKNOWN ${"f".repeat(92)}`), "its PROXY header has no end"],
  ["a line without end", Buffer.from(`PROXY ${"f".repeat(5000)}`), "its PROXY header has no end"],
  ["version 3", binary(0x31, 0x11, V4), UNKNOWN],
  ["an unknown command", binary(0x22, 0x11, V4), UNKNOWN],
  ["datagrams", binary(0x21, 0x12, V4), BROKEN],
  ["an unknown family", binary(0x21, 0x41, V4), BROKEN],
  ["too short for IPv4", binary(0x21, 0x11, V4.slice(1)), BROKEN],
  ["too short for IPv6", binary(0x21, 0x21, V6.slice(1)), BROKEN],
  ["2049 bytes", binary(0x21, 0x11, V4, 2049 - 16), "its PROXY header has more than 2048 bytes"],
])("%s is refused", (_, bytes, reason) => {
  expect(read(bytes)).toEqual({ kind: "bad", reason });
});

test("no bytes are held without a bound, and every header ends", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom<Uint8Array>(...VALID.map(([, header]) => header), Buffer.from(SIGNATURE)),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (parts) => {
      const padding = new Uint8Array(2048);
      return read(...parts, padding).kind !== "more";
    }),
  );
});

test("any split of any bytes gives the same result", () => {
  const start = fc.constantFrom<Uint8Array>(
    ...VALID.map(([, header]) => header),
    Buffer.from("PROXY "),
    Buffer.from(SIGNATURE),
    Buffer.alloc(0),
  );
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 60 }), fc.nat(), (head, tail, where) => {
      const bytes = Buffer.concat([head, tail]);
      const at = where % (bytes.length + 1);
      const [whole, split] = [read(bytes), read(bytes.subarray(0, at), bytes.subarray(at))];
      const told = ({ kind, ...more }: ProxyHeaderResult) =>
        kind === "header" && "ends" in more ? { kind, ends: more.ends } : { kind, ...more };
      expect(told(split)).toEqual(told(whole));
    }),
  );
});
