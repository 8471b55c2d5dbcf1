// Heads of answers, as servers of streams write them: whole, in pieces, and broken.
import { describe, expect, test } from "bun:test";
import { type AnswerResult, MasterAnswer } from "../../src/wire/master-answer.ts";

function read(...pieces: readonly string[]): AnswerResult {
  const reader = new MasterAnswer();
  let result: AnswerResult = { kind: "more" };
  for (const piece of pieces) {
    if (result.kind !== "more") break;
    result = reader.push(Buffer.from(piece, "latin1"));
  }
  return result;
}

const ANSWERS = [
  ["HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\nicy-metaint:8192\r\n\r\nAUDIO", 200],
  ["HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nAUDIO", 302],
  ["ICY 200 OK\r\nicy-notice1:<BR>This stream requires Winamp<BR>\r\nicy-br:128\r\n\r\nAUDIO", 200],
  ["ICY 401 Service Unavailable\r\n\r\nAUDIO", 401],
  ["HTTP/1.1 404\r\n\r\nAUDIO", 404],
  ["ICY 200 OK\nicy-name: LF only\n\nAUDIO", 200],
] as const;

describe("the head of an answer", () => {
  test.each(ANSWERS)("%j says %d, however it is split", (text, status) => {
    for (let at = 0; at < text.indexOf("AUDIO"); at++) {
      const result = read(text.slice(0, at), text.slice(at));
      if (result.kind !== "answer") throw new Error(`split at ${at}: ${result.kind}`);
      expect(result.head.status).toBe(status);
      expect(Buffer.from(result.rest).toString()).toBe("AUDIO");
    }
  });

  test("has its fields by name in lower case", () => {
    const result = read(ANSWERS[0][0]);
    expect(result.kind === "answer" && result.head.headers.get("icy-metaint")).toBe("8192");
  });

  test.each(["SSH-2.0-OpenSSH\r\n", "\r\n\r\n", "<html>\n", "HTTP/1.0 20 OK\r\n\r\n"])(
    "is not %j",
    (text) => expect(read(text)).toEqual({ kind: "bad", reason: "its answer is not HTTP" }),
  );

  test.each([
    ["a first line without an end", "x".repeat(9000)],
    ["fields without an end", `HTTP/1.0 200 OK\r\n${"a: b\r\n".repeat(2000)}`],
  ])("is bounded: %s", (_, text) => {
    expect(read(text)).toEqual({ kind: "bad", reason: "the head of its answer is too long" });
  });
});
