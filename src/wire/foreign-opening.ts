// Pure: recognises other protocols by their first bytes, so that the refusal can name the setting to change.

export type ForeignKind = "tls" | "xaudiocast" | "no_login" | "bad_request";

export interface ForeignOpening {
  readonly kind: ForeignKind;
  readonly reason: string;
}

const TLS: ForeignOpening = {
  kind: "tls",
  reason:
    "it speaks TLS, and there is no certificate: set tls.certificate, or switch TLS (SSL) off in the encoder",
};

const NO_LOGIN: ForeignOpening = {
  kind: "no_login",
  reason: "audio without a login: choose Icecast 2 or SHOUTcast, with a password, in the encoder",
};

const XAUDIOCAST: ForeignOpening = {
  kind: "xaudiocast",
  reason: "an xaudiocast (Icecast 1) login: choose Icecast 2 in the encoder",
};

const PROXY: ForeignOpening = {
  kind: "bad_request",
  reason:
    "an unexpected PROXY header: only proxies in server.trusted_proxies may send one, once, while server.proxy_protocol is true",
};

/** The fatal alert "handshake failure". TLS clients read nothing else. */
export const TLS_ALERT = "\x15\x03\x01\x00\x02\x02\x28";

/** A TLS record of type "handshake", version 3.x. No text starts like this. */
const HANDSHAKE = [0x16, 0x03];

/** A PROXY header of version 2. */
const PROXY_SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n");

/** First bytes of audio: OggS with version 0, ID3v2, EBML. */
const MAGICS = ["OggS\0", "ID3\x02", "ID3\x03", "ID3\x04", "\x1aE\xdf\xa3"].map((magic) =>
  Buffer.from(magic, "latin1"),
);

function beginsWith(bytes: Uint8Array, magic: ArrayLike<number>): boolean {
  if (bytes.length < magic.length) return false;
  return Array.from(magic).every((byte, at) => bytes[at] === byte);
}

/** MPEG and ADTS frames: eleven set bits, which cannot start UTF-8 text. */
function isFrameSync([first = 0, second = 0]: Uint8Array): boolean {
  return first === 0xff && second >= 0xe0;
}

/** By the first bytes of a connection; null if they may still be a login. */
export function foreignOpening(bytes: Uint8Array): ForeignOpening | null {
  if (beginsWith(bytes, HANDSHAKE)) return TLS;
  if (beginsWith(bytes, PROXY_SIGNATURE)) return PROXY;
  const isAudio = isFrameSync(bytes) || MAGICS.some((magic) => beginsWith(bytes, magic));
  return isAudio ? NO_LOGIN : null;
}

/** By the first line: a PROXY header, or `SOURCE password /mount` without a protocol. */
export function foreignLine(line: string): ForeignOpening | null {
  if (/^PROXY (?:TCP[46]|UNKNOWN)(?: |$)/.test(line)) return PROXY;
  return /^SOURCE [^/\s]\S*(?: \/\S*)?$/.test(line) ? XAUDIOCAST : null;
}
