// Secrets never print: not by a Secret, not by a Config, not by any problem, however mangled the text that holds them.
import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { formatProblems } from "../../src/config/format-problems.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { Secret } from "../../src/lib/secret.ts";
import { outlineProblems, problemsOf } from "./problems-of.ts";

/** Every way in which a value commonly ends up in a log. */
function printed(value: unknown): string {
  return [
    String(value),
    `${value}`,
    JSON.stringify({ value }),
    inspect({ value }, { depth: 9, showHidden: true }),
    Bun.inspect({ value }, { depth: 9 }),
  ].join("\n");
}

describe("a secret", () => {
  test("is three stars in every printed form", () => {
    expect(printed(new Secret("hunter2"))).not.toContain("hunter2");
    expect(`${new Secret("hunter2")}`).toBe("***");
    expect(JSON.stringify([new Secret("hunter2")])).toBe('["***"]');
    expect(Bun.inspect(new Secret("hunter2"))).toBe("***");
  });

  test("equals itself only", () => {
    const secret = new Secret("hunter2");
    expect(
      ["hunter2", "hunter", "hunter22", "", "Hunter2"].map((text) => secret.equals(text)),
    ).toEqual([true, false, false, false, false]);
    expect(secret.reveal()).toBe("hunter2");
  });

  test("knows whether it is the shipped password", () => {
    expect(new Secret("hackme").isDefault).toBe(true);
    expect(new Secret("hackme2").isDefault).toBe(false);
  });
});

const SECRET = "Xyzzy-42-plugh";
const FRAGMENT = /xyz|zzy-|-42|42-|-plu|ugh/i;

const base = `server {
  host = "0.0.0.0" # all
  source_password = "${SECRET}"
  listen_port = 8001
}
advanced {
  flask_secret_key = "${SECRET}" # old
  max_listeners = 3
}
mount "/b" {
  source_password = "${SECRET}"
  buffer { size_mb = 4 }
}
`;

const signs = [..."{}[](),=:\"'\n \\$%#/;.-<é\t1\r@x", "${", "}\n", "<<E\n", "/*", "*/", '"\n"'];

/** Each text that is one slip away: some characters missing, one sign too many, one sign instead of another. */
function* slips(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    for (const length of [1, 2, 4]) yield text.slice(0, at) + text.slice(at + length);
    for (const sign of signs) {
      yield text.slice(0, at) + sign + text.slice(at);
      yield text.slice(0, at) + sign + text.slice(at + 1);
    }
  }
}

describe("problems never show a secret", () => {
  test("whatever single slip is made in the text", () => {
    const leaks: string[] = [];
    let problems = 0;
    for (const text of slips(base)) {
      const shown = formatProblems({ problems: outlineProblems(text) });
      if (shown !== "") problems += 1;
      if (FRAGMENT.test(shown)) leaks.push(shown);
    }
    expect(leaks.slice(0, 3)).toEqual([]);
    expect(problems).toBeGreaterThan(5000);
  }, 30_000);

  test.each([
    ["a misspelt key", `server {\n  sauce_passwort = "${SECRET}"\n}`],
    ["a key of one's own", `server {\n  pw = "${SECRET}"\n}`],
    ["the wrong block", `buffer {\n  source_password = "${SECRET}"\n}`],
    ["outside of all blocks", `source_password = "${SECRET}"`],
    ["within an object", `server = { source_password = "${SECRET}" }`],
    ["as a label", `source_password "${SECRET}" {\n}`],
    ["without quotes", `server {\n  source_password = ${SECRET}\n}`],
    ["in single quotes", `server {\n  source_password = '${SECRET}'\n}`],
    ["with a colon", `server {\n  source_password: "${SECRET}"\n}`],
    ["a key of one's own, with a colon", `server {\n  pw: "${SECRET}"\n}`],
    ["a key of one's own, with nothing", `server {\n  pw "${SECRET}"\n}`],
    ["on the next line", `server {\n  source_password =\n  "${SECRET}"\n}`],
    ["as a template", `server {\n  source_password = "\${x}${SECRET}"\n}`],
    [
      "given twice",
      `server {\n  source_password = "a"\n  source_password = "${SECRET}" # ${SECRET}\n}`,
    ],
    ["both names", `advanced {\n  secret_key = "${SECRET}"\n  flask_secret_key = "${SECRET}"\n}`],
    ["in a list", `server {\n  source_password = ["${SECRET}"]\n}`],
    ["on one line with others", `server { host = "x", source_password = "${SECRET}" }`],
  ])("%s", (_, text) => {
    const problems = outlineProblems(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(formatProblems({ problems }) + printed(new ConfigError(problems))).not.toMatch(FRAGMENT);
  });

  test("in a heredoc, whose line break no password may have", async () => {
    const problems = await problemsOf(`server {\n  source_password = <<E\n${SECRET}\nE\n}\n`);
    expect(problems.map(({ message }) => message)).toEqual(["this value is not accepted"]);
    expect(formatProblems({ problems })).not.toMatch(FRAGMENT);
  });

  test("nor the value of an environment variable", async () => {
    const text = 'server {\n  source_password = env("PASSWORD")\n  host = env("HOST")\n}\n';
    const problems = await problemsOf(text, { PASSWORD: `${SECRET}\n`, HOST: `${SECRET} ` });
    expect(problems.map(({ message, text: shown }) => [message, shown])).toEqual([
      ["the value of the environment variable PASSWORD is not accepted", 'env("PASSWORD")'],
      ["the value of the environment variable HOST is not accepted", 'env("HOST")'],
    ]);
    expect(formatProblems({ problems })).not.toMatch(FRAGMENT);
  });
});

test("a configuration does not print its secrets", async () => {
  expect(printed(await parseConfig("c.hcl", base, {}))).not.toMatch(FRAGMENT);
});
