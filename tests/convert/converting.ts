// A converter for tests, with a real child process and its cache in a folder of the test.
import { join } from "node:path";
import { statSync } from "node:fs";
import { ChildConverter } from "../../src/convert/child-converter.ts";
import { ConvertProcess } from "../../src/convert/convert-process.ts";
import { createLog } from "../../src/lib/log.ts";
import type { Source, Target } from "../../src/library/converter.ts";
import { testDisk } from "../support/disk.ts";

export const TARGET: Target = {
  codec: "mp3",
  sampleRate: 44_100,
  channels: 2,
  bitrate: 128,
  loudness: null,
};

/** A program in place of the child. */
export function scripted(script: string): ConvertProcess {
  return new ConvertProcess({ command: () => [process.execPath, "-e", script] });
}

/** Tests beside this one would keep one of the lowest priority from its work. */
const usual = () => new ConvertProcess({ priority: "usual" });

export function testConverter(folder: string, process = usual(), limitMib = 100) {
  const logged: string[] = [];
  const log = createLog((level, text) => logged.push(`${level} ${text}`));
  const directory = join(folder, "converted");
  const disk = testDisk(Math.random, log);
  const converter = new ChildConverter({ directory, limitMib, disk, log, process });
  return {
    converter,
    process,
    directory,
    logged,
    [Symbol.dispose]: () => converter.close(),
  };
}

export function sourceOf(path: string): Source {
  const { size, mtimeMs } = statSync(path);
  return { path, version: `${size}-${mtimeMs}` };
}
