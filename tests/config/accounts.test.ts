// Accounts and tokens in a configuration, and what is said when one is wrong.
import { expect, test } from "bun:test";
import { parseConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problem.ts";

const DIGEST = "ab".repeat(32);

async function problemsOf(text: string): Promise<string[]> {
  try {
    await parseConfig("radio.hcl", text, {});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, message }) => `${line}: ${message}`);
  }
}

test("accounts and tokens belong to the station, with their defaults", async () => {
  const config = await parseConfig(
    "radio.hcl",
    `account "anna" {
      password = env("ANNA")
      role = "operator"
      mounts = ["stream", "/jazz"]
    }
    account "bert" { password = "$2y$10$${"a".repeat(53)}" }
    token "grafana" { hash = "sha256:${DIGEST.toUpperCase()}" }
    mount "/jazz" { }`,
    { ANNA: "secret of anna" },
  );
  const [anna, bert] = config.account;
  expect(anna).toMatchObject({ label: "anna", role: "operator", mounts: ["/stream", "/jazz"] });
  expect(anna?.password.equals("secret of anna")).toBe(true);
  expect(bert).toMatchObject({ role: "dj", mounts: [] });
  expect(config.token[0]).toMatchObject({ label: "grafana", scope: "read" });
  expect(config.token[0]?.hash.equals(`sha256:${DIGEST}`)).toBe(true);
  expect(JSON.stringify(config)).not.toMatch(/secret of anna|\$2y|abab/);
});

const HASHES = [
  "$2y$10$short",
  `$2y$31$${"a".repeat(53)}`,
  `$argon2id$v=19$m=9999999,t=2,p=1$${"a".repeat(22)}$${"b".repeat(43)}`,
];

test.each([
  ['account "anna" { }', 'account "anna" has no password'],
  ['account "anna" { password = "" }', "this value is not accepted"],
  ...HASHES.map((hash) => [
    `account "anna" { password = "${hash}" }`,
    "this value is not accepted",
  ]),
  ['account "source" { password = "x" }', '"source" is the user name of sources already'],
  ['account "admin" { password = "x" }', '"admin" is the user name of server.admin_user already'],
  ['account "a:b" { password = "x" }', "this cannot be a user name"],
  ['account "a b" { password = "x" }', "this cannot be a user name"],
  ['account "anna" {\npassword = "x"\nmounts = ["/no"]\n}', 'there is no mount "/no"'],
  [
    'mount "/a" {\naccount "anna" { password = "x" }\n}',
    'unknown block "account" in a mount block',
  ],
  ['token "t" { }', 'token "t" has no hash'],
  ['token "t" { hash = "sha256:12" }', "this value is not accepted"],
  [`token "t" { hash = "${DIGEST}" }`, "this value is not accepted"],
])("%s is a mistake", async (text, message) => {
  const problems = await problemsOf(text);
  expect(problems.map((problem) => problem.replace(/^\d+: /, ""))).toEqual([message]);
});
