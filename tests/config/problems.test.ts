// The specification of what a person is told about a configuration: everything, at once, in the order of the file.
import { describe, expect, test } from "bun:test";
import { formatProblems } from "../../src/config/format-problems.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { outlineProblems, problemsOf, told } from "./problems-of.ts";

async function rendered(text: string, env: Record<string, string> = {}): Promise<string> {
  return formatProblems({ problems: await problemsOf(text, env) });
}

const wrongThroughout = `host = "x"
server {
  host = localhost
  source_port = "8000"
  listen_port = 70000
  source_password = ""
  source_pasword = "hunter2"
  mount_point = "/api/x"
  listen_port = 5
}
buffer {
  burst_second = 5
  size_mb = env("SIZE")
}
metdata {
  station_name = "x"
}
broadcaster = {
  chunk_size = 1
}
playlist {
  directory = "\${var.x}"
  extensions = [".mp3", 5]
  shuffle = "true"
  buffer { size_mb = 3 }
}
server { host = "y" }
advanced {
  flask_debug = true
  debug = false
  secret_key = env("UNSET_KEY")
  max_listeners = 1.5
  source_timeout = null
}
`;

describe("a text that is wrong throughout", () => {
  test("is reported all at once", async () => {
    expect(await told(wrongThroughout, { SIZE: "5" })).toEqual([
      '1:1 "host" stands outside of all blocks',
      "3:10 expressions are not evaluated",
      "4:17 a string where a number belongs",
      "5:17 this value is not accepted",
      "6:21 this value is not accepted",
      '7:3 unknown key "source_pasword" in server',
      "8:17 this value is not accepted",
      '9:3 "listen_port" is given twice',
      '12:3 unknown key "burst_second" in buffer',
      "13:13 env() gives a string, but a number belongs here",
      '15:1 unknown block "metdata"',
      "18:1 broadcaster is a block",
      "22:15 expressions are not evaluated",
      "23:25 a number where a string belongs",
      "24:13 a string where a boolean belongs",
      '25:3 a block "buffer" in playlist',
      '27:1 the block "server" is given twice',
      '30:3 "flask_debug" is the old name of "debug", and both are given',
      "31:16 the environment variable UNSET_KEY is not set",
      "32:19 this value is not accepted",
      "33:20 a null where a number belongs",
    ]);
  });

  test("has syntax errors and wrong keys reported together", async () => {
    const text = 'server {\n  host "x"\n  listen_prt = 1\n}\nbuffer {\n  size_mb =\n}\n';
    expect(await told(text)).toEqual([
      '2:8 "=" is missing',
      '3:3 unknown key "listen_prt" in server',
      "6:11 a value is missing",
    ]);
  });

  test("has only its braces reported if they do not match", async () => {
    const text = "server {\n  host = 1\nbuffer {\n  size_mb = 1\n}\n";
    expect(await told(text)).toEqual(['1:1 the block "server" is never closed']);
  });

  test("has at most a hundred problems reported", () => {
    expect(outlineProblems("x = 1\n".repeat(300))).toHaveLength(100);
  });
});

describe("a problem in a terminal", () => {
  test("shows the place, the line, what was expected and what was meant", async () => {
    expect(await rendered("# radio\n\nbuffer {\n  burst_second = 5\n}\n")).toBe(
      `config.hcl:4:3: unknown key "burst_second" in buffer. Did you mean "burst_seconds"?
   4 |   burst_second = ***
     |   ^^^^^^^^^^^^
       expected: size_mb, burst_seconds, rewind_seconds
`,
    );
  });

  test("shows a value under its key's limits", async () => {
    expect(await rendered("server {\n\tlisten_port = 70000 # high\n}\n")).toBe(
      `config.hcl:2:16: this value is not accepted
   2 |  listen_port = 70000 # high
     |                ^^^^^
       expected: a whole number, 0 to 65535
`,
    );
  });

  test("shows a missing brace at the block that lacks it", async () => {
    expect(await rendered('server {\n  host = "::"\n\nbuffer {\n}\n')).toBe(
      `config.hcl:1:1: the block "server" is never closed. It may belong before "buffer" in line 4
   1 | server {
     | ^^^^^^
       expected: a } at its end
`,
    );
  });

  test("names both places of what is given twice", async () => {
    expect(await rendered("buffer {\n  size_mb = 1\n  size_mb = 2\n}\n")).toBe(
      `config.hcl:3:3: "size_mb" is given twice. The first is at 2:3
   3 |   size_mb = 2
     |   ^^^^^^^
       expected: each one once
`,
    );
  });

  test("is parted from the next one by an empty line", async () => {
    expect(await rendered("a = 1\nb = 2\n")).toMatch(/^config\.hcl:1:1: [^]*\n\nconfig\.hcl:2:1: /);
  });

  test("cannot move the cursor or hide text, and does not fill the screen", async () => {
    const long = "x".repeat(5000);
    const shown = await rendered(`playlist {\n  directory = "\u001b[2J\u202E${long}" @\n}\n`);
    expect(shown).not.toMatch(/[\u001b\u202e]/);
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThan(200);
    expect(shown).toContain("config.hcl:2:5023: ");
  });
});

describe("a hint", () => {
  const hintOf = (text: string): string => outlineProblems(text)[0]?.hint ?? "";

  test.each([
    ["quotes around a number", 'server {\n  source_port = "1"\n}', "Write it without quotes"],
    ["quotes around a boolean", 'advanced {\n  debug = "true"\n}', "Write it without quotes"],
    [
      "no quotes around a word",
      "server {\n  host = localhost\n}",
      "A string is written in double quotes",
    ],
    ["a number for a string", "metadata {\n  station_name = 5\n}", "Put it in double quotes"],
    ["a string for a list", 'playlist {\n  extensions = ".mp3"\n}', "Put it in [ ]"],
    ["null", "buffer {\n  size_mb = null\n}", "Leave the key out for its default"],
    ["a key of another block", "server {\n  size_mb = 1\n}", "It belongs in buffer { }"],
    ["a key outside of all blocks", "size_mb = 1", "It belongs in buffer { }"],
    [
      "a block in a block",
      "server {\n  buffer {\n  }\n}",
      "It goes at the top level, not inside another block",
    ],
    ["a block with an =", "server = {\n}", 'A block is written without "="'],
    ["a unit", "advanced {\n  source_timeout = 10s\n}", "Numbers are written without a unit"],
    ["a block nearly named", "advancd {\n}", 'Did you mean "advanced"?'],
    ["a key in capitals", "server {\n  HOST = 1\n}", 'Did you mean "host"?'],
    ["a key like no other", "server {\n  quux = 1\n}", ""],
  ])("for %s", (_, text, hint) => {
    expect(hintOf(text)).toBe(hint);
  });
});

describe("values that are each right", () => {
  test("may not give both ports one number", async () => {
    expect(await told("server {\n  source_port = 9000\n  listen_port = 9000\n}\n")).toEqual([
      "3:17 source_port and listen_port are both 9000",
    ]);
    expect(await told("server {\n  source_port = 8001\n}\n")).toEqual([
      "2:17 source_port and listen_port are both 8001",
    ]);
    expect(await told("server {\n  source_port = 0\n  listen_port = 0\n}\n")).toEqual([]);
  });

  test("must be whole for TLS, and its port another", async () => {
    const tls = (...lines: string[]) => told(`tls {\n${lines.join("\n")}\n}\n`);
    const [certificate, key] = ['certificate = "a"', 'key = "b"'];
    expect(await tls(certificate)).toEqual(["2:1 certificate without key"]);
    expect(await tls(key)).toEqual(["2:1 key without certificate"]);
    expect(await tls("listen_port = 8443")).toEqual(["2:1 listen_port without certificate"]);
    expect(await tls(certificate, key, "redirect = true")).toEqual([
      "4:1 redirect without listen_port",
    ]);
    expect(await tls(certificate, key, "listen_port = 8000")).toEqual([
      "4:15 source_port and tls.listen_port are both 8000",
    ]);
    expect(await tls(certificate, key, "listen_port = 8443", "redirect = true")).toEqual([]);
  });

  test("are not held against a default that the file may not mean", async () => {
    const text = "server {\n  source_port = 8001\n  listen_prt = 9000\n}\n";
    expect(await told(text)).toEqual(['3:3 unknown key "listen_prt" in server']);
  });
});

test("an admin user name with a colon, which could never log in, is reported", async () => {
  await expect(parseConfig("c.hcl", 'server { admin_user = "a:b" }', {})).rejects.toThrow(
    "this value is not accepted",
  );
});
