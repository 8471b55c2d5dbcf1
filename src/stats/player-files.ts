// Playlist files that players open to find a stream: m3u, pls and xspf.
import { branch, leaf, xmlDocument } from "./xml.ts";

export interface TuneIn {
  readonly url: string;
  readonly name: string;
  readonly description: string;
}

/** A playlist format: its writer and its content type. */
export interface TuneInKind {
  readonly contentType: string;
  readonly render: (stream: TuneIn) => string;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

export function renderM3u({ url }: Pick<TuneIn, "url">): string {
  return `${url}\r\n`;
}

function renderPls({ url, name }: TuneIn): string {
  const lines = ["NumberOfEntries=1", `File1=${url}`, `Title1=${oneLine(name)}`, "Length1=-1"];
  return `[playlist]\n${lines.join("\n")}\nVersion=2\n`;
}

function renderXspf({ url, name, description }: TuneIn): string {
  const track = branch("track", [
    leaf("location", url),
    leaf("title", name),
    leaf("annotation", description),
  ]);
  const children = [leaf("title", name), branch("trackList", [track])];
  return xmlDocument(
    branch("playlist", children, { version: "1", xmlns: "http://xspf.org/ns/0/" }),
  );
}

/** By file extension. */
export const TUNE_IN: Readonly<Record<"m3u" | "pls" | "xspf", TuneInKind>> = {
  m3u: { contentType: "audio/x-mpegurl", render: renderM3u },
  pls: { contentType: "audio/x-scpls", render: renderPls },
  xspf: { contentType: "application/xspf+xml", render: renderXspf },
};
