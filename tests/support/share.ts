// A real share that hangs when a test wants it to: a file system of its own, served by a small program.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "./station.ts";

/** Debian's own Python has Debian's fusepy. */
const PYTHON = "/usr/bin/python3";
const PROGRAM = join(import.meta.dir, "hanging-share.py");

export interface Share extends AsyncDisposable {
  readonly path: string;
  /** From here on no call is answered. */
  hang(): Promise<void>;
  /** Calls that wait are answered, and new ones too. */
  answer(): Promise<void>;
}

/** Why this machine cannot mount a share; null when it can. CI must have the package; the kernel is not ours to choose. */
export function whyNoShares(): string | null {
  if (!existsSync("/dev/fuse")) return "the kernel has no /dev/fuse";
  const has = Bun.spawnSync([PYTHON, "-c", "import fusepy"], { stderr: "ignore" }).success;
  if (!has && process.env["CI"]) throw new Error("python3-fusepy is required in CI");
  if (!has) return "python3-fusepy is not installed";
  const mounts = Bun.spawnSync(["unshare", "--mount", "true"], { stderr: "ignore" }).success;
  return mounts ? null : "mounting is not allowed here";
}

/** Shows the folder `from` at `path`, which is made. */
export async function mountShare(from: string, path: string): Promise<Share> {
  await mkdir(path, { recursive: true });
  const child = Bun.spawn([PYTHON, PROGRAM, from, path], { stdin: "pipe", stdout: "pipe" });
  let said = "";
  void (async () => {
    const decoder = new TextDecoder();
    for await (const part of child.stdout) said += decoder.decode(part, { stream: true });
  })();
  const told = (word: string) =>
    until(`the share says "${word}"`, () => {
      if (child.exitCode !== null) throw new Error(`the share ended with ${child.exitCode}`);
      return said.includes(`${word}\n`);
    });
  const tell = async (word: string) => {
    said = "";
    await child.stdin.write(`${word}\n`);
    await child.stdin.flush();
    await told(word);
  };
  await told("mounted");
  return {
    path,
    hang: () => tell("hang"),
    answer: () => tell("answer"),
    async [Symbol.asyncDispose]() {
      await child.stdin.end();
      await child.exited;
    },
  };
}
