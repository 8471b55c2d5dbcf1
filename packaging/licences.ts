// The licences of everything inside of the executable, as they lie in node_modules: `bun packaging/licences.ts > FILE`.
import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import cycast from "../package.json" with { type: "json" };

const ROOT = join(import.meta.dir, "..");

/** Of the executable, as the Makefile has them. */
const ENTRY_POINTS = [
  "main.ts",
  "library/worker.ts",
  "library/catalogue-worker.ts",
  "history/history-worker.ts",
  "convert/convert-child.ts",
];

const RULE = "=".repeat(80);
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** What a package says of its licence, or of what was compiled into it. */
const NOTICE = /^(?:licen[cs]e|notice|copying)|^go\.mod$/i;
const CAPTIONS: Readonly<Record<string, string>> = {
  "go.mod": "go.mod: it is compiled from these, whose licences https://pkg.go.dev/ shows",
};

/** The licences of libraries compiled into packages, which do not bring them. */
const NOTICES = join(import.meta.dir, "notices");
const COMPILED_IN: Readonly<Record<string, readonly string[]>> = {
  "codec-parser": ["GPL-3.txt"],
  "mpg123-decoder": ["decoders.txt", "LGPL-2.1.txt"],
  "wasm-media-encoders": ["encoder.txt"],
};

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The files of packages that the bundler takes in, by the folder of the package. */
async function bundled(): Promise<Map<string, string[]>> {
  const entrypoints = ENTRY_POINTS.map((file) => join(ROOT, "src", file));
  const { metafile } = await Bun.build({ entrypoints, target: "bun", metafile: true });
  const files = Object.keys(metafile?.inputs ?? {}).filter((file) => PACKAGE.test(file));
  return Map.groupBy(files, (file) => PACKAGE.exec(file)?.[0] ?? "");
}

/** A file that was itself made of others has their licences beside it. */
async function noticesOf(folder: string, files: readonly string[]): Promise<string[]> {
  const beside = files.map((file) => `${relative(folder, file)}.LICENSE.txt`);
  const found = await Promise.all(beside.map((name) => Bun.file(join(folder, name)).exists()));
  const own = (await readdir(folder)).filter((name) => NOTICE.test(name));
  return [...own.toSorted(), ...beside.filter((_, at) => found[at])];
}

async function section(folder: string, files: readonly string[]): Promise<string> {
  const manifest: Manifest = await Bun.file(join(folder, "package.json")).json();
  const { name, version, license = "no licence named" } = manifest;
  const head = `${name} ${version} · ${license} · https://www.npmjs.com/package/${name}/v/${version}`;
  const own = (await noticesOf(folder, files)).map((notice) => join(folder, notice));
  const others = (COMPILED_IN[name] ?? []).map((notice) => join(NOTICES, notice));
  const texts = [...own, ...others].map(async (file) => {
    const notice = own.includes(file) ? relative(folder, file) : basename(file);
    return `[${CAPTIONS[notice] ?? notice}]\n\n${(await Bun.file(file).text()).trim()}`;
  });
  return [RULE, head, RULE, "", (await Promise.all(texts)).join("\n\n")].join("\n");
}

async function licences(): Promise<string> {
  const own = (await Bun.file(join(ROOT, "LICENSE")).text()).trim();
  const packages = [...(await bundled())].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sections = packages.map(([folder, files]) => section(folder, files));
  const title =
    `Cycast ${cycast.version}; its licence, then those of the packages inside. Bun ${Bun.version}, which runs them:\n` +
    `https://github.com/oven-sh/bun/blob/bun-v${Bun.version}/LICENSE.md`;
  return `${[title, own, ...(await Promise.all(sections))].join("\n\n")}\n`;
}

process.stdout.write(await licences());
