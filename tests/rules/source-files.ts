// The files of src as the rules look at them: their text, their code without comments and strings, their imports.
import { join, posix } from "node:path";

export interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const ROOT = join(import.meta.dir, "..", "..");

async function filesOf(folder: string, glob: string): Promise<SourceFile[]> {
  const paths = [...new Bun.Glob(glob).scanSync(folder)].toSorted();
  const read = async (path: string): Promise<SourceFile> => {
    const text = await Bun.file(join(folder, path)).text();
    return { path: path.replaceAll("\\", "/"), text };
  };
  return Promise.all(paths.map(read));
}

export function sourceFiles(): Promise<SourceFile[]> {
  return filesOf(join(ROOT, "src"), "**/*.ts");
}

/** The scripts of the pages; their paths begin at public. */
export function pageScripts(): Promise<SourceFile[]> {
  return filesOf(join(ROOT, "public"), "**/*.js");
}

const COMMENT_OR_STRING = /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** Without comments; strings keep their quotes only when `keepStrings` is false. */
export function bare(text: string, keepStrings = false): string {
  return text.replace(COMMENT_OR_STRING, (found) => {
    if (found.startsWith("/")) return " ";
    return keepStrings ? found : '""';
  });
}

const TEMPLATE = /`(?:\\.|[^`\\])*`/;
const BLANKED = new RegExp(`${COMMENT_OR_STRING.source}|${TEMPLATE.source}`, "g");

/** The lines of the code, without what stands in comments, strings and templates. */
export function codeLines(text: string): string[] {
  const blank = (found: string) => found.replace(/[^\n]+/g, "");
  return text.replace(BLANKED, blank).split("\n");
}

const IMPORT = /\b(?:from\s+|import\s*\(?\s*)"([^"]+)"/g;

/** What a file names in its import lines, static, dynamic and of types alike. */
export function importsOf({ text }: SourceFile): string[] {
  return [...bare(text, true).matchAll(IMPORT)].map(([, name = ""]) => name);
}

/** The file of src that a relative import names; `../` stays at the front of one from elsewhere. */
export function targetOf(file: SourceFile, name: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), name));
}

/** The package that an import names, without what is inside of it; null for a relative one. */
export function packageOf(name: string): string | null {
  if (name.startsWith(".")) return null;
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}
