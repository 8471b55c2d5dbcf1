// Heads byte for byte, as radios with a few lines of parser expect them of an Icecast.
import { expect, test } from "bun:test";
import { rawHead } from "../../src/wire/response-head.ts";

const OWN = { server: "Cycast/1.2.3", wallMs: Date.UTC(2026, 7, 1, 10) };

test("a stream's head is Icecast's: names in its case, icy- without a blank", () => {
  const headers: [string, string][] = [
    ["content-type", "audio/mpeg"],
    ["icy-name", "CafÃ©"],
    ["icy-metaint", "16000"],
    ["www-authenticate", "Basic"],
  ];
  expect(rawHead(200, headers, OWN).toString("latin1")).toBe(
    "HTTP/1.0 200 OK\r\nServer: Cycast/1.2.3\r\nConnection: Close\r\n" +
      "Date: Sat, 01 Aug 2026 10:00:00 GMT\r\nContent-Type: audio/mpeg\r\n" +
      "icy-name:CafÃ©\r\nicy-metaint:16000\r\nWWW-Authenticate: Basic\r\n\r\n",
  );
});

test.each([200, 204, 299, 302, 400, 404, 418, 500, 503])("%i has a reason", (status) => {
  const [line] = rawHead(status, [], OWN).toString().split("\r\n");
  expect(line).toMatch(new RegExp(`^HTTP/1\\.0 ${status} [A-Z][A-Za-z ]+$`));
});
