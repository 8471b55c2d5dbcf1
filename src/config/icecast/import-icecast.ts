// cycast --import icecast.xml: writes a configuration with the settings of an Icecast server, and lists what it does not
// have.
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { decodeText, printable } from "../../lib/text.ts";
import type { Config } from "../config.ts";
import { parseConfig } from "../load-config.ts";
import { ConfigError } from "../problem.ts";
import { Draft } from "./draft.ts";
import { apply, STATION } from "./elements.ts";
import { setFallbacks } from "./fallback-elements.ts";
import { addMount } from "./mount-elements.ts";
import { addRelays } from "./relay-elements.ts";
import { readTogether } from "./sockets.ts";
import { writeHcl } from "./write-hcl.ts";
import { type Element, xmlTree, XmlTreeError } from "./xml-tree.ts";

const MAX_BYTES = 1 << 20;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "this is a folder",
  EACCES: "permission denied",
  EEXIST: "it exists already, and was not changed",
};

/** The message is one sentence, without a secret. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

export interface Imported {
  readonly config: Config;
  /** One line for each element without a counterpart, in the order of the original. */
  readonly notes: readonly string[];
}

/** Converts `input` into `output`, which must not exist and is readable by its owner only. Rejects with ImportError, and
 * writes nothing then. */
export async function importIcecast(input: string, output: string): Promise<Imported> {
  const { text, notes } = convertIcecast(await readInput(input), basename(input));
  const config = await checked(output, text);
  try {
    await writeFile(output, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw failed(output, error);
  }
  return { config, notes: notes.map(({ line, sentence }) => `${input}:${line}: ${sentence}`) };
}

/** `name`: of the original, for the first line. Throws ImportError. */
export function convertIcecast(xml: string, name: string) {
  const root = rootOf(xml, name);
  const draft = new Draft();
  for (const child of root.children) {
    if (child.name === "mount") addMount(child, draft);
    else if (child.name === "mounts") group(child, draft);
    else if (!/^(?:listen-socket|port|bind-address)$/.test(child.name))
      apply(STATION, child, draft);
  }
  addRelays(root, draft);
  setFallbacks(mountsIn(root), draft);
  readTogether(root, draft);
  noteMissingMounts(root, draft);
  const comment = `Made from ${printable(name)}; what is not here has its default: see the shipped config.hcl.`;
  const notes = draft.notes.toSorted((a, b) => a.line - b.line);
  return { text: writeHcl(draft, comment), notes };
}

function mountsIn({ children }: Element): Element[] {
  const nested = children.filter(({ name }) => name === "mounts");
  return [...children, ...nested.flatMap((one) => one.children)].filter(
    ({ name }) => name === "mount",
  );
}

function group({ children }: Element, draft: Draft): void {
  for (const child of children) if (child.name === "mount") addMount(child, draft);
}

function rootOf(xml: string, name: string): Element {
  try {
    const root = xmlTree(xml);
    if (root.name === "icecast") return root;
  } catch (error) {
    if (error instanceof XmlTreeError) throw new ImportError(`${name}: ${error.message}`);
    throw error;
  }
  throw new ImportError(`${name}: its first element is not <icecast>`);
}

/** Icecast takes sources at any path. */
function noteMissingMounts(root: Element, draft: Draft): void {
  if (draft.mounts.length === 0) {
    draft.note(root, "no <mount>: sources go to /stream, other paths need a mount block each");
  }
}

async function readInput(file: string): Promise<string> {
  try {
    const blob = Bun.file(file);
    const bytes = await blob.slice(0, MAX_BYTES + 1).bytes();
    if (bytes.length <= MAX_BYTES) return decodeText(bytes);
  } catch (error) {
    throw failed(file, error);
  }
  throw new ImportError(`${file}: this file is over 1 MiB`);
}

function failed(file: string, error: unknown): ImportError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new ImportError(`${file}: ${REASONS[code] ?? code}`);
}

/** Every value was checked; together they may still contradict each other. */
async function checked(file: string, text: string): Promise<Config> {
  try {
    return await parseConfig(file, text, {});
  } catch (error) {
    if (error instanceof ConfigError) {
      const why = error.problems.map(({ message }) => message).join("; ");
      throw new ImportError(`the settings do not fit together: ${why}`);
    }
    throw error;
  }
}
