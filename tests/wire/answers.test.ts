// The answers of the source port, byte for byte: encoders read them with parsers of a few lines.
import { describe, expect, test } from "bun:test";
import {
  ACCEPTED,
  CONTINUE,
  REFUSALS,
  type Refusal,
  refusalAnswer,
} from "../../src/wire/answers.ts";

const EVERY = Object.keys(REFUSALS) as Refusal[];

describe("an answer", () => {
  test("to a source that may send is Icecast's", () => {
    expect(ACCEPTED).toBe("HTTP/1.0 200 OK\r\n\r\n");
    expect(CONTINUE).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  });

  test("to wrong credentials asks for Basic ones", () => {
    expect(refusalAnswer("unauthorized", "You need to authenticate")).toBe(
      "HTTP/1.0 401 Authentication Required\r\nContent-Type: text/plain; charset=utf-8\r\n" +
        'WWW-Authenticate: Basic realm="Icecast2 Server"\r\nContent-Length: 26\r\n' +
        "Connection: close\r\n\r\nYou need to authenticate\r\n",
    );
  });

  test("to a busy mount is 403", () => {
    expect(refusalAnswer("in_use", "Mountpoint in use")).toBe(
      "HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\n" +
        "Connection: close\r\n\r\nMountpoint in use\r\n",
    );
  });

  test.each(EVERY)(
    "that refuses (%s) has a status, a reason and the length of its body",
    (refusal) => {
      const answer = Buffer.from(refusalAnswer(refusal, "Grüße"));
      const end = answer.indexOf("\r\n\r\n") + 4;
      const head = answer.subarray(0, end).toString();
      expect(head).toMatch(/^HTTP\/1\.0 [45]\d\d [A-Z][A-Za-z ]+\r\n/);
      expect(head).toContain(`\r\nContent-Length: ${answer.length - end}\r\n`);
      expect(head.includes("WWW-Authenticate")).toBe(refusal === "unauthorized");
    },
  );

  test("that refuses a mount or its format is no 400, 404 or 5xx, on which encoders try again otherwise", () => {
    for (const refusal of [
      "in_use",
      "no_such_mount",
      "content_type",
      "default_password",
    ] as const) {
      expect(REFUSALS[refusal]).toStartWith("403 ");
    }
  });
});
