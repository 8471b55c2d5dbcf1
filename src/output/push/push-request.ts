// Pure: what a source client sends to another server before the audio, and for a title.
import type { PushTarget } from "../../config/push-url.ts";
import type { StreamFormat } from "../../format/frame.ts";
import { SERVER } from "../../lib/version.ts";
import { headerValue } from "../../mount/icy.ts";

/** Icecast before 2.4 knows SOURCE only. */
export type PushMethod = "PUT" | "SOURCE";

export interface PushedStream {
  readonly contentType: string;
  readonly format: StreamFormat;
  /** kbit/s; 0 if unknown. */
  readonly bitrate: number;
  readonly name: string;
  readonly description: string;
  readonly genre: string;
  readonly url: string;
  readonly isPublic: boolean;
}

/** The request head as bytes: names are UTF-8. */
export function pushHead(method: PushMethod, target: PushTarget, stream: PushedStream): Uint8Array {
  const isPut = method === "PUT";
  const lines = [
    `${method} ${target.path} ${isPut ? "HTTP/1.1" : "HTTP/1.0"}`,
    `Authorization: ${authorization(target)}`,
    `Host: ${hostOf(target)}`,
    `User-Agent: ${SERVER}`,
    `Content-Type: ${stream.contentType}`,
    `Ice-Public: ${Number(stream.isPublic)}`,
    ...namedLines(stream),
    ...(isPut ? ["Expect: 100-continue"] : []),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

function namedLines({ name, description, genre, url, bitrate, format }: PushedStream): string[] {
  const { sampleRate, channels } = format;
  const rates = [`ice-samplerate=${sampleRate}`, `ice-channels=${channels}`];
  const info = bitrate > 0 ? [...rates, `ice-bitrate=${bitrate}`] : rates;
  const texts = {
    "Ice-Name": name,
    "Ice-Description": description,
    "Ice-Genre": genre,
    "Ice-URL": url,
  };
  const named = Object.entries(texts).filter(([, text]) => headerValue(text) !== "");
  return [
    ...named.map(([field, text]) => `${field}: ${headerValue(text)}`),
    ...(bitrate > 0 ? [`Ice-Bitrate: ${bitrate}`] : []),
    `Ice-Audio-Info: ${info.join(";")}`,
  ];
}

export function authorization({ user, password }: PushTarget): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}

/** What no log line may have, however a server repeats it. */
export function secretsOf(target: PushTarget): string[] {
  const { password } = target;
  return [authorization(target).slice("Basic ".length), password, encodeURIComponent(password)];
}

/** Where a title is sent. */
export function titleUrl(target: PushTarget, song: string): string {
  const query = new URLSearchParams({
    mode: "updinfo",
    mount: target.path,
    charset: "UTF-8",
    song,
  });
  return `${target.isSecure ? "https" : "http"}://${hostOf(target)}/admin/metadata?${query}`;
}

function hostOf({ host, port }: PushTarget): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
