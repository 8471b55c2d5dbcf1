// What the log says of TLS handshakes that failed.
import { expect, test } from "bun:test";
import { handshakeFailure } from "../../src/door/tls-starter.ts";

const said = (reason: string) =>
  handshakeFailure(`error:10000416:SSL routines:OPENSSL_internal:${reason}`);

test.each([
  ["SSLV3_ALERT_CERTIFICATE_UNKNOWN", "it does not trust the certificate"],
  ["TLSV1_ALERT_UNKNOWN_CA", "it does not trust the certificate"],
  ["SSLV3_ALERT_BAD_CERTIFICATE", "it does not trust the certificate"],
  ["SSLV3_ALERT_CERTIFICATE_EXPIRED", "it does not trust the certificate"],
  ["UNSUPPORTED_PROTOCOL", "unsupported protocol"],
  ["NO_SHARED_CIPHER", "no shared cipher"],
])("a failed handshake of %s is logged as: %s", (reason, sentence) => {
  expect(said(reason)).toBe(sentence);
});

test("a failed handshake without a reason was broken off", () => {
  expect(handshakeFailure("")).toBe("it was broken off");
});
