// The executable where there is nothing: a read-only root with the C library alone, no folder that may hold programs, no rights.
import { expect, test } from "bun:test";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { scratch } from "../support/station.ts";
import { configText, EXECUTABLE, hear, launch } from "./executable.ts";

const ENTER = ["unshare", "--mount"];

/** Only root may make a root, and not in every container. */
function mayMount(): boolean {
  const can =
    process.platform === "linux" &&
    Bun.which("unshare") !== null &&
    Bun.spawnSync([...ENTER, "sh", "-c", "mount -t tmpfs none /mnt && mount -t proc proc /mnt"])
      .success;
  if (!can) console.warn("skipped: no file system can be mounted here");
  return can;
}

/** What the loader names, by `ldd`. */
function libraries(): string[] {
  const { stdout } = Bun.spawnSync(["ldd", EXECUTABLE]);
  return [...stdout.toString().matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path = ""]) => path);
}

/** Nobody, in the root that $1 is; its temporary folder takes no programs, or takes nothing at all. */
const SCRIPT = `set -e
mount --bind "$1" "$1"
mount --bind "$2" "$1/cycast"
mount -t proc proc "$1/proc"
mount -t tmpfs -o "$3" tmpfs "$1/tmp"
mount -o remount,bind,ro "$1"
exec env -i "$(command -v chroot)" --userspec=65534:65534 "$1" /cycast --config /config.hcl`;

async function makeRoot(root: string): Promise<void> {
  for (const library of libraries()) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await copyFile(library, join(root, library));
  }
  for (const folder of ["proc", "tmp", "dev"]) await mkdir(join(root, folder));
  await Bun.write(join(root, "cycast"), "");
  await Bun.write(join(root, "config.hcl"), configText());
}

test.skipIf(!mayMount()).each(["noexec,mode=1777", "ro"])(
  "it runs and is heard with a temporary folder that is %s",
  async (options) => {
    await using root = await scratch();
    await Bun.spawn(["chmod", "755", root.path]).exited;
    await makeRoot(root.path);
    const command = [...ENTER, "sh", "-c", SCRIPT, "sh", root.path, EXECUTABLE, options];
    const env = { PATH: process.env["PATH"] ?? "" };
    await using radio = await launch([], { cwd: "/", env, command });
    expect((await fetch(`${radio.url}/health`)).status).toBe(200);
    expect((await fetch(`${radio.url}/swagger/ui.js`)).status).toBe(200);
    expect((await hear(radio.url)).length).toBeGreaterThan(1999);
  },
);
