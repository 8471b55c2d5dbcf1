// The blocks of relays: what they accept, what they refuse, and that no address with a password is ever shown.
import { describe, expect, test } from "bun:test";
import { diffConfig } from "../../src/config/diff.ts";
import { parseConfig } from "../../src/config/load-config.ts";
import { relayWarnings } from "../../src/config/relay-warnings.ts";
import { told } from "./problems-of.ts";

const PASSWORD = "s3cret-of-the-master";
const URL_WITH_PASSWORD = `https://me:${PASSWORD}@master.example/live`;

function config(text: string) {
  return parseConfig("config.hcl", text, {});
}

describe("a relay", () => {
  test("at the top is the first mount's, in a mount block that mount's", async () => {
    const { mounts } = await config(`
      relay "main" { url = "https://master.example/live" }
      mount "/jazz" {
        relay "other" { urls = ["http://a.example/", "http://b.example/"] }
      }
    `);
    expect(mounts.map(({ relay }) => relay.map(({ label }) => label))).toEqual([
      ["main"],
      ["other"],
    ]);
    expect(mounts[1]?.relay[0]?.urls.map((url) => url.reveal())).toEqual([
      "http://a.example/",
      "http://b.example/",
    ]);
  });

  test("that is changed is named by a reload, with its mount", async () => {
    const one = await config('relay "main" { url = "http://a.example/x" }');
    const other = await config('relay "main" { url = "http://b.example/x" }');
    expect(diffConfig(one, one).applied).toEqual([]);
    expect(diffConfig(one, other).applied).toEqual(['mount /stream: relay "main"']);
    expect(diffConfig(one, await config("")).applied).toEqual(['mount /stream: relay "main"']);
  });

  test("does not show the password in its address", async () => {
    const said = await config(
      `relay "main" {\n url = "${URL_WITH_PASSWORD}"\n urls = ["${URL_WITH_PASSWORD}"]\n}\nrelay_all {\n url = "${URL_WITH_PASSWORD}"\n}`,
    );
    expect(JSON.stringify(said) + Bun.inspect(said)).not.toContain(PASSWORD);
  });

  test.each([
    ['relay "main" { }', "a relay without an address"],
    ['relay "main" { url = "" }', "a relay without an address"],
    ['relay "main" { urls = [] }', "a relay without an address"],
    ['relay "main" { url = "http://localhost:8000/stream" }', "would pull its own mount"],
    ['relay "main" { url = "http://127.0.0.1:8001/stream/" }', "would pull its own mount"],
    ['mount "/b" {\n relay "x" { urls = ["http://[::1]:8001/b"] }\n}', "would pull its own mount"],
    ['relay "main" { url = "ftp://a.example/" }', "not accepted"],
    ['relay "main" { urls = ["no address"] }', "not accepted"],
    ['relay_all { url = "file:///etc/passwd" }', "not accepted"],
  ])("%s is refused: %s", async (text, problem) => {
    expect((await told(text)).join("\n")).toContain(problem);
  });

  test("whose master is not verified is warned about, and no other", async () => {
    const blind = "tls_verify = false";
    const said = await config(`
      relay "a" { url = "https://a.example/" }
      relay "b" {
        url = "https://b.example/"
        ${blind}
      }
      relay_all { ${blind} }
    `);
    expect(relayWarnings(said)).toHaveLength(1);
    expect(relayWarnings(said)[0]).toContain('The relay "b" of /stream accepts any certificate');
    const all = await config(`relay_all {\n url = "https://a.example/"\n ${blind}\n}`);
    expect(relayWarnings(all)[0]).toContain("relay_all accepts any certificate");
  });

  test("of another mount of this server is none of its own", async () => {
    const text = 'mount "/b" {\n relay "x" { url = "http://localhost:8000/stream" }\n}';
    expect((await config(text)).mounts[1]?.relay).toHaveLength(1);
  });
});
