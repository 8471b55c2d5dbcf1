// What a web hook gets, and how its receiver knows who sent it.
import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { alertMessage } from "../../src/alerts/message.ts";
import { signedHeaders } from "../../src/hooks/signature.ts";

const NOTICE = {
  event: "mount_silent",
  state: "firing",
  subject: "/stream",
  message: "/stream has been silent for 1 min.",
  remedy: "Go live.",
  returns: 2,
  sinceMs: Date.UTC(2026, 7, 1, 10),
  nowMs: Date.UTC(2026, 7, 1, 10, 1),
  station: "Test Radio",
} as const;

test("the message names the trouble, its remedy and its times", () => {
  const { id, body } = alertMessage(NOTICE, "7");
  expect([id, JSON.parse(body)]).toEqual([
    "7",
    {
      id: "7",
      event: "mount_silent",
      state: "firing",
      station: "Test Radio",
      subject: "/stream",
      message: "/stream has been silent for 1 min.",
      remedy: "Go live.",
      since: "2026-08-01T10:00:00.000Z",
      time: "2026-08-01T10:01:00.000Z",
      returns: 2,
      text: "Test Radio: /stream has been silent for 1 min. Go live.",
      content: "Test Radio: /stream has been silent for 1 min. Go live.",
    },
  ]);
  expect(JSON.parse(alertMessage({ ...NOTICE, state: "resolved" }, "8").body)).toMatchObject({
    state: "resolved",
    text: "Test Radio: It is over: /stream has been silent for 1 min.",
  });
});

test("the signature is Standard Webhooks': of id, timestamp and body", () => {
  const message = { id: "msg_1", body: '{"a":1}' };
  const headers = signedHeaders(message, "s3cret", 1_700_000_000_999);
  const signed = createHmac("sha256", "s3cret").update('msg_1.1700000000.{"a":1}');
  expect(headers).toEqual({
    "webhook-id": "msg_1",
    "webhook-timestamp": "1700000000",
    "webhook-signature": `v1,${signed.digest("base64")}`,
  });
  const encoded = `whsec_${Buffer.from("s3cret").toString("base64")}`;
  expect(signedHeaders(message, encoded, 1_700_000_000_999)).toEqual(headers);
  expect(signedHeaders(message, "", 0)).toEqual({
    "webhook-id": "msg_1",
    "webhook-timestamp": "0",
  });
});
