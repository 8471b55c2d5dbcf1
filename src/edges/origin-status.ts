// Pure: the picture of a title in the status of a mount, as its origin gives it.
import { titleLine } from "../lib/titled.ts";

const ADDRESS = /^\/artwork\/([0-9a-f]{24})$/;

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  // Its properties stay unknown.
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** The id of the picture; null if the title has none, or is not there. */
export function artworkIn(status: string, line: string): string | null {
  const titles = object(object(parsed(status))["timeline"])["titles"];
  if (!Array.isArray(titles)) return null;
  const found = titles.map(object).findLast((one) => lineOf(one) === line);
  const address = found?.["artwork_url"];
  return typeof address === "string" ? (ADDRESS.exec(address)?.[1] ?? null) : null;
}

function lineOf({ artist, title }: Json): string {
  return titleLine({ artist: String(artist), title: String(title) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
