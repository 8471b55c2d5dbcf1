// Hashes of every kind that htpasswd files hold, made by the programs that write them.
import { describe, expect, test } from "bun:test";
import { MAX_ROUNDS } from "../../../src/access/crypt/sha-crypt.ts";
import { isKnownHash, verifyHash } from "../../../src/access/crypt/verify.ts";
import { requireProgram } from "../../support/programs.ts";

const openssl = requireProgram("openssl");

const PASSWORDS = ["x", "correct horse", "pä55wörd", "q".repeat(200)];

/** As `openssl passwd` hashes it. */
function hashed(kind: string, salt: string, password: string): string {
  const command = [openssl ?? "", "passwd", kind, "-salt", salt, "-stdin"];
  const { stdout } = Bun.spawnSync(command, { stdin: Buffer.from(password) });
  return stdout.toString().trim();
}

async function expectTells(password: string, hash: string): Promise<void> {
  expect(isKnownHash(hash)).toBe(true);
  expect(await verifyHash(password, hash)).toBe(true);
  expect(await verifyHash(`${password}!`, hash)).toBe(false);
}

describe("a password is told from others by its hash", () => {
  for (const kind of ["-1", "-apr1", "-5", "-6"])
    test.skipIf(openssl === null)(`of openssl passwd ${kind}`, async () => {
      for (const salt of ["a", "saltsalt"])
        for (const password of PASSWORDS) await expectTells(password, hashed(kind, salt, password));
    });

  test("of SHA-crypt with rounds of its own", async () => {
    // From the specification's test vectors.
    const hash =
      "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1";
    const text =
      "a very much longer text to encrypt.  This one even stretches over morethan one line.";
    expect(isKnownHash(hash)).toBe(true);
    expect(await verifyHash("Hello world!", hash)).toBe(false);
    expect(await verifyHash(text, hash)).toBe(true);
  });

  test("of bcrypt as htpasswd writes it, and of Argon2", async () => {
    const bcrypt = await Bun.password.hash("secret", { algorithm: "bcrypt", cost: 4 });
    await expectTells("secret", bcrypt.replace("$2b$", "$2y$"));
    const cheap = { algorithm: "argon2id", memoryCost: 8, timeCost: 2 } as const;
    await expectTells("secret", await Bun.password.hash("secret", cheap));
  });

  test("of Icecast 2's bare MD5, in either case, and of `htpasswd -s`", async () => {
    await expectTells("hackme", md5("hackme"));
    await expectTells("hackme", md5("hackme").toUpperCase());
    await expectTells("password", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=");
  });
});

function md5(password: string): string {
  return new Bun.CryptoHasher("md5").update(password).digest("hex");
}

describe("no login", () => {
  test("passes by a hash of an unknown kind, or in plain", async () => {
    for (const hash of ["", "secret", "$7$abc$def", "$1$$", "abJnggxhB/yWI"]) {
      expect(isKnownHash(hash)).toBe(false);
      expect(await verifyHash("secret", hash)).toBe(false);
    }
  });

  test("may cost more than a bound", () => {
    const hash = (rounds: number) => `$5$rounds=${rounds}$salt$${"a".repeat(43)}`;
    expect(isKnownHash(hash(MAX_ROUNDS))).toBe(true);
    expect(isKnownHash(hash(MAX_ROUNDS + 1))).toBe(false);
    const bcrypt = (rounds: number) => `$2y$${rounds}$${"a".repeat(53)}`;
    expect([14, 15, 31].map((rounds) => isKnownHash(bcrypt(rounds)))).toEqual([true, false, false]);
    const argon2 = (kib: number) =>
      `$argon2id$v=19$m=${kib},t=2,p=1$${"a".repeat(22)}$${"a".repeat(43)}`;
    expect([65_536, 4_000_000].map((kib) => isKnownHash(argon2(kib)))).toEqual([true, false]);
  });

  test("holds up the others while its hash is worked out", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await verifyHash("secret", `$6$rounds=20000$salt$${"a".repeat(86)}`);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
