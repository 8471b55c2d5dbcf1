// Finds programs and systems that only some machines have: a test skips without them, CI must have them.

const reported = new Set<string>();

/** Path of a program, or null (told once on stderr) when it is missing. Throws instead when CI is set. */
export function requireProgram(name: string): string | null {
  const path = Bun.which(name);
  if (path !== null) return path;
  if (process.env["CI"]) throw new Error(`${name} is required in CI and not installed`);
  if (!reported.has(name)) console.warn(`skipped: ${name} is not installed`);
  reported.add(name);
  return null;
}

/** Whether this is Linux; elsewhere prints that `what` is skipped, or throws if CI is set. */
export function requireLinux(what: string): boolean {
  if (process.platform === "linux") return true;
  if (process.env["CI"]) throw new Error(`Linux is required in CI: ${what}`);
  console.warn(`skipped: ${what} needs Linux`);
  return false;
}

/** Version of a Debian package on this machine, without Debian's own numbers; "unknown" elsewhere. */
export function packageVersion(name: string, path = process.env["PATH"] ?? ""): string {
  const query = Bun.which("dpkg-query", { PATH: path });
  if (query === null) return "unknown";
  const { stdout } = Bun.spawnSync([query, "-W", "-f", "${Version}", name]);
  return stdout.toString().replace(/^\d+:|[-+].*$/g, "") || "unknown";
}
