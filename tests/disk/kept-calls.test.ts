// Calls about files that are written over hours, on a real file system.
import { expect, test } from "bun:test";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileCall, FoundFile, OpenedFile } from "../../src/disk/call.ts";
import { performFileCall } from "../../src/disk/file-calls.ts";
import { scratch } from "../support/station.ts";

const shared = new Uint8Array(1024);
const perform = (call: FileCall) => performFileCall(call, shared);
const codeOf = (call: FileCall): unknown => {
  try {
    return perform(call);
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

test("a file is made with its folder, written at positions, cut, synced, and gets its name", async () => {
  await using folder = await scratch();
  const path = join(folder.path, "a", "b", "x.mp3");
  const create = { call: "create", path, ending: ".part", mode: 0o644 } as const;
  const fd = perform(create) as number;
  expect(codeOf(create)).toBe("EEXIST");
  perform({ call: "writeAt", fd, bytes: Buffer.from("hello world"), position: 0 });
  perform({ call: "writeAt", fd, bytes: Buffer.from("J"), position: 0 });
  perform({ call: "truncate", fd, size: 5 });
  perform({ call: "sync", fd });
  perform({ call: "settle", from: `${path}.part`, to: path });
  perform({ call: "close", fd });
  expect(await readFile(path, "utf8")).toBe("Jello");
  expect(codeOf(create)).toBe("EEXIST");
  expect([codeOf({ call: "isFree", path }), codeOf({ call: "isFree", path: `${path}2` })]).toEqual([
    false,
    true,
  ]);
  const again = perform({ call: "edit", path }) as OpenedFile;
  expect(again.size).toBe(5);
  perform({ call: "close", fd: again.fd });
  expect(codeOf({ call: "edit", path: `${path}2` })).toBe("ENOENT");
});

test("files are found by their endings, and removed with the folders that they leave empty", async () => {
  await using folder = await scratch();
  const [one, two] = [join(folder.path, "d", "1", "x.json"), join(folder.path, "d", "2", "y.json")];
  for (const path of [one, two, join(folder.path, "d", "2", "z.txt")]) {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, "{}");
  }
  const find = { call: "find", path: folder.path, endings: [".json"], max: 10 } as const;
  const found = perform(find) as FoundFile[];
  expect(found.map(({ path }) => path).toSorted()).toEqual([one, two]);
  expect(perform({ ...find, max: 1 }) as FoundFile[]).toHaveLength(1);
  expect(perform({ ...find, path: join(folder.path, "nowhere") })).toEqual([]);
  perform({ call: "remove", paths: [one, two, `${one}2`], upTo: folder.path });
  expect(await readdir(folder.path)).toEqual(["d"]);
  expect(await readdir(join(folder.path, "d"))).toEqual(["2"]);
});

test("a second name needs a free place, and makes its folder", async () => {
  await using folder = await scratch();
  const [from, to] = [join(folder.path, "x"), join(folder.path, "in", "y")];
  await writeFile(from, "audio");
  perform({ call: "link", from, to });
  expect(await readFile(to, "utf8")).toBe("audio");
  expect(codeOf({ call: "link", from, to })).toBe("EEXIST");
  expect(codeOf({ call: "link", from: `${from}2`, to: `${to}2` })).toBe("ENOENT");
});

test("documents are read by their keys; what is none, too large or not there is null", async () => {
  await using folder = await scratch();
  const texts = ['{"a": 1, "b": [2]}', "[", '"text"', JSON.stringify({ a: "x".repeat(200) })];
  const paths = texts.map((_, i) => join(folder.path, `${i}.json`));
  for (const [i, path] of paths.entries()) await writeFile(path, texts[i] ?? "");
  const call = { call: "documents", paths: [...paths, join(folder.path, "none")] } as const;
  expect(perform({ ...call, keys: ["a"], maxBytes: 100 })).toEqual([
    { a: 1 },
    null,
    null,
    null,
    null,
  ]);
  expect(perform({ ...call, paths: [paths[0] ?? ""], keys: [], maxBytes: 100 })).toEqual([
    { a: 1, b: [2] },
  ]);
});

test("the space of a folder that is not there yet is that of its disk", async () => {
  await using folder = await scratch();
  const [own, later] = [folder.path, join(folder.path, "a", "b")].map(
    (path) => perform({ call: "space", path }) as { totalBytes: number },
  );
  expect(own?.totalBytes).toBeGreaterThan(0);
  expect(later?.totalBytes).toBe(own?.totalBytes);
});
