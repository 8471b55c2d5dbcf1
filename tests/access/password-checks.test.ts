// Password hashes are checked a few at a time; what is right is known from then on.
import { expect, test } from "bun:test";
import { PasswordChecks } from "../../src/access/password-checks.ts";

/** Checks that end when the test says. */
function slowly() {
  const asked: { password: string; answer: (isRight: boolean) => void }[] = [];
  const checks = new PasswordChecks((password) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    asked.push({ password, answer: resolve });
    return promise;
  });
  return { asked, checks };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a right password is known the next time, a wrong one is checked again", async () => {
  const { asked, checks } = slowly();
  const [right, wrong] = [checks.check("hash", "right"), checks.check("hash", "wrong")];
  asked[0]?.answer(true);
  asked[1]?.answer(false);
  expect([await right, await wrong]).toEqual([true, false]);
  expect(checks.check("hash", "right")).toBe(true);
  expect(checks.check("another", "right")).toBeInstanceOf(Promise);
  expect(checks.check("hash", "wrong")).toBeInstanceOf(Promise);
});

test("two run at a time, equal ones once, and beyond 64 waiting none is taken", async () => {
  const { asked, checks } = slowly();
  const all = Array.from({ length: 66 }, (_, at) => checks.check("hash", `${at}`));
  expect(checks.check("hash", "7")).toBe(all[7]!);
  const refused = checks.check("hash", "66");
  expect(Promise.resolve(refused)).rejects.toThrow("too many passwords are being checked");
  expect(asked.map(({ password }) => password)).toEqual(["0", "1"]);
  for (let at = 0; at < 66; at++) {
    asked[at]?.answer(at % 2 === 0);
    await settled();
    expect(asked.length).toBe(Math.min(66, at + 3));
  }
  expect(await Promise.all(all)).toEqual(Array.from({ length: 66 }, (_, at) => at % 2 === 0));
});

test("a hash that cannot be read makes way for the next one", async () => {
  const checks = new PasswordChecks();
  for (let at = 0; at < 5; at++) {
    expect(Promise.resolve(checks.check("$2y$bad", `${at}`))).rejects.toThrow();
  }
  const hash = await Bun.password.hash("good", { algorithm: "bcrypt", cost: 4 });
  expect(await checks.check(hash, "good")).toBe(true);
});
