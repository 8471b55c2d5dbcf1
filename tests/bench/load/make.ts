// Builds the load generator, or runs its own tests.

/** `target` of the Makefile beside. Throws when it fails; what it says goes to stderr. */
export function makeLoadProgram(target: "all" | "test"): void {
  const command = ["make", "-s", "-C", import.meta.dir, target];
  const { exitCode } = Bun.spawnSync(command, { stdio: ["ignore", 2, 2] });
  if (exitCode !== 0) throw new Error(`make ${target} of the load generator failed (${exitCode})`);
}
