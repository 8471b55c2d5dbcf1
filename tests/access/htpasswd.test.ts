// htpasswd files: who is in them, and which lines are of no use.
import { expect, test } from "bun:test";
import { parseHtpasswd } from "../../src/access/htpasswd.ts";

const MD5 = "5ebe2294ecd0e0f08eab7690d2a6ee69";

test("users stand before the last colon, comments and empty lines are left out", () => {
  const { users, broken } = parseHtpasswd(`# made by hand\r\n\r\nanna:${MD5}\nb:c:${MD5}\n`);
  expect([...users]).toEqual([
    ["anna", MD5],
    ["b:c", MD5],
  ]);
  expect(broken).toEqual([]);
});

test("the last line of a name counts", () => {
  const other = MD5.replace("5", "6");
  expect(parseHtpasswd(`anna:${MD5}\nanna:${other}`).users.get("anna")).toBe(other);
});

test("lines without a name, without a hash, or with one of an unknown kind are named", () => {
  expect(parseHtpasswd(`anna\n:${MD5}\nanna:secret\n\nbob:${MD5}`).broken).toEqual([1, 2, 3]);
});
