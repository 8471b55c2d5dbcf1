// For --check: what is wrong with the files of the station's look.
import { open } from "node:fs/promises";
import type { Config } from "../config/config.ts";
import { within } from "../lib/within.ts";
import { type BrandKind, readBrandFile, SVG } from "./brand-file.ts";

/** A share may hang. */
const PATIENCE_MS = 3000;

const KINDS = ["logo", "background", "css"] as const satisfies readonly BrandKind[];

/** One sentence per problem; takes 3 s at most. */
export async function checkBranding({ branding }: Pick<Config, "branding">): Promise<string[]> {
  const checks = KINDS.map((kind) => check(kind, branding[kind]));
  return (await Promise.all(checks)).filter((sentence) => sentence !== "");
}

async function check(kind: BrandKind, path: string): Promise<string> {
  if (path === "" || path.startsWith("#")) return "";
  const found = await within(PATIENCE_MS, readBrandFile(kind, path, readBytes)).catch(reasonOf);
  if (typeof found === "string") return `branding.${kind} ${path} is not used: ${found}`;
  if (found === null) return `branding.${kind} ${path} does not answer`;
  return found.contentType === SVG
    ? `branding.${kind} ${path} is an SVG, which home screens do not take: they show Cycast's icon`
    : "";
}

async function readBytes(path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await open(path);
  const stat = await file.stat();
  if (!stat.isFile()) throw new Error("not a file");
  if (stat.size > maxBytes) throw new Error("too large");
  return new Uint8Array(await file.readFile());
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "no such file" : error.message;
}
