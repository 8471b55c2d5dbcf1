// Which files are a certificate with its key, and what is said of those that are not.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CertificateError, readCertificate } from "../../src/tls/certificate.ts";
import { dayOf, daysUntil, inDays, warningDue } from "../../src/tls/expiry.ts";
import { makeCertificate } from "../support/certificates.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";

const NAMES = { certificate: "chain.pem", key: "key.pem" };
const DAY_MS = 86_400_000;

const canMake = requireProgram("openssl") !== null;
const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

describe.skipIf(!canMake)("a certificate and its key", () => {
  let [cert, key, otherCert, otherKey] = ["", "", "", ""];

  beforeAll(async () => {
    const pair = await makeCertificate(home.path, "one", 40);
    const other = await makeCertificate(home.path, "other");
    const text = (path: string) => Bun.file(path).text();
    [cert, key] = [await text(pair.certificate), await text(pair.key)];
    [otherCert, otherKey] = [await text(other.certificate), await text(other.key)];
  });

  const read = (certText: string, keyText: string) => readCertificate(certText, keyText, NAMES);

  /** The sentence about two texts. */
  function wrong(certText: string, keyText: string): string {
    try {
      read(certText, keyText);
      return "";
    } catch (error) {
      expect(error).toBeInstanceOf(CertificateError);
      return error instanceof Error ? error.message : "";
    }
  }

  test("are read with their names and dates", () => {
    const found = read(cert, key);
    expect(found).toMatchObject({ cert, key, names: ["localhost", "127.0.0.1"] });
    expect(Math.round((found.endMs - found.startMs) / DAY_MS)).toBe(40);
  });

  test("may have more certificates after the first, comments, and the line ends of Windows", () => {
    const chain = `subject=CN = localhost\n${cert}\n${otherCert}`.replaceAll("\n", "\r\n");
    expect(read(chain, `${key}${cert}`).names).toContain("localhost");
  });

  test("are named when they are not a pair", () => {
    expect(wrong(cert, otherKey)).toBe(
      "the private key key.pem does not belong to the certificate chain.pem",
    );
  });

  test("are named when one is broken, empty or something else", () => {
    const noCertificate = "chain.pem holds no complete certificate in PEM";
    expect(wrong("", key)).toBe(noCertificate);
    expect(wrong("hello", key)).toBe(noCertificate);
    expect(wrong(cert.slice(0, 300), key)).toBe(noCertificate);
    expect(wrong(key, key)).toBe(`${noCertificate}: it holds a private key`);
    const noKey = "key.pem holds no complete private key in PEM";
    for (const text of ["", "hello", key.slice(0, 60), cert]) expect(wrong(cert, text)).toBe(noKey);
  });

  test("are refused when a later certificate is damaged", () => {
    expect(wrong(cert + otherCert.slice(0, 300), key)).toStartWith("chain.pem is damaged");
  });

  test("are refused, with the remedy, when the key has a passphrase", async () => {
    const argv = ["openssl", "pkey", "-aes128", "-passout", "pass:word"];
    const made = Bun.spawn(argv, { stdin: Buffer.from(key), stdout: "pipe" });
    const encrypted = await new Response(made.stdout).text();
    expect(wrong(cert, encrypted)).toBe(
      "the private key key.pem is encrypted: remove its passphrase (openssl pkey)",
    );
  });

  test("never show the key in a sentence", () => {
    for (const text of [key.slice(0, 60), otherKey, key.replace("KEY", "KEX")])
      expect(wrong(cert, text)).not.toContain(key.slice(30, 60));
  });
});

describe("the end of a certificate", () => {
  test.each([
    [31, null],
    [30, 30],
    [15, 30],
    [14, 14],
    [7, 14],
    [6, 6],
    [0, 6],
    [-1, 0],
  ])("with %d days left has the warning %p", (days, due) => {
    expect(warningDue(days)).toBe(due);
  });

  test("is counted in whole days", () => {
    expect(daysUntil(2 * DAY_MS, 1)).toBe(1);
    expect(daysUntil(DAY_MS, DAY_MS)).toBe(0);
    expect(daysUntil(DAY_MS, DAY_MS + 1)).toBe(-1);
    expect([0, 1, 6].map(inDays)).toEqual(["within a day", "in 1 day", "in 6 days"]);
    expect(dayOf(Date.UTC(2027, 0, 28, 23))).toBe("2027-01-28");
  });
});
