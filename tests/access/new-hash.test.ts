// The hash of a password that was typed, or came through a pipe.
import { expect, test } from "bun:test";
import { newHash, readHidden, readPiped, whyNoPassword } from "../../src/access/new-hash.ts";
import { verifyHash } from "../../src/access/crypt/verify.ts";
import { isAffordable } from "../../src/config/account-keys.ts";

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

function terminal(...keys: string[]) {
  const modes: boolean[] = [];
  const setRawMode = (isRaw: boolean) => void modes.push(isRaw);
  const iterate = () => pieces(...keys);
  return { modes, input: { setRawMode, [Symbol.asyncIterator]: iterate } as never };
}

test("a hash is one that accounts take, and that the password fits", async () => {
  const hash = await newHash("correct horse");
  expect(isAffordable(hash)).toBe(true);
  expect([await verifyHash("correct horse", hash), await verifyHash("wrong", hash)]).toEqual([
    true,
    false,
  ]);
});

test("a piped password ends before the last line break", async () => {
  expect(await readPiped(pieces("pass", "wörd \n"))).toBe("passwörd ");
  expect(await readPiped(pieces("a\r\n"))).toBe("a");
  expect((await readPiped(pieces("x".repeat(5000), "y".repeat(5000)))).length).toBe(5000);
});

test("a typed password can be corrected, is not shown, and ends with Enter", async () => {
  const { modes, input } = terminal("sek", "\u007f", "cret\r", "more");
  expect(await readHidden(input)).toBe("secret");
  expect(modes).toEqual([true, false]);
  expect(await readHidden(terminal("sec", "\u0003").input)).toBeNull();
});

test("what is none is named", () => {
  expect(["", "a\nb", "x".repeat(1025), "fine one"].map(whyNoPassword)).toEqual([
    "The password is empty",
    "A password is one line without control characters",
    "A password has at most 1024 characters",
    null,
  ]);
});
