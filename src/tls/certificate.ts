// A TLS certificate with its private key: read from PEM, checked as a pair.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";

export interface Certificate {
  /** PEM: the certificate, then those that lead to its issuer. */
  readonly cert: string;
  /** PEM; secret. */
  readonly key: string;
  /** Its validity in milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  /** The host names and addresses it is for; may be empty. */
  readonly names: readonly string[];
}

/** Its message is one sentence that names the file. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/** The file with the certificate, and the file with its key. */
export interface PairNames {
  readonly certificate: string;
  readonly key: string;
}

/** Throws CertificateError if the texts are not a certificate and its key. */
export function readCertificate(cert: string, key: string, names: PairNames): Certificate {
  const first = certificateIn(cert, names.certificate);
  if (!first.checkPrivateKey(keyIn(key, names.key)))
    throw new CertificateError(
      `the private key ${names.key} does not belong to the certificate ${names.certificate}`,
    );
  checkWhole(cert, key, names);
  return {
    cert,
    key,
    startMs: Date.parse(first.validFrom),
    endMs: Date.parse(first.validTo),
    names: namesOf(first),
  };
}

function certificateIn(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    const isKey = text.includes("PRIVATE KEY-----");
    const hint = isKey ? ": it holds a private key" : "";
    throw new CertificateError(`${file} holds no complete certificate in PEM${hint}`);
  }
}

function keyIn(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new CertificateError(
      /ENCRYPTED/.test(text)
        ? `the private key ${file} is encrypted: remove its passphrase (openssl pkey)`
        : `${file} holds no complete private key in PEM`,
    );
  }
}

/** The rest of the chain is read by TLS itself only. */
function checkWhole(cert: string, key: string, names: PairNames): void {
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new CertificateError(
      `${names.certificate} is damaged after its first certificate, or TLS cannot use its kind of key`,
    );
  }
}

/** "DNS:radio.example, IP Address:192.0.2.1", or the common name of an old certificate. */
function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const alternatives = (subjectAltName ?? "").split(", ").flatMap((entry) => {
    return /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [];
  });
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  return alternatives.length > 0 || common === undefined ? alternatives : [common];
}
