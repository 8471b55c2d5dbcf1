// Turns HCL text into plain values with hcl2-parser in a child process; the calling process never loads the parser.
import { join } from "node:path";
import { systemClock } from "../../lib/clock.ts";
import { isPackaged } from "../../lib/shipped.ts";
import { REFUSED } from "./child.ts";

/** The hidden argument that makes a compiled executable the child: main then calls runHclChild(). */
export const PARSE_HCL_ARGUMENT = "--parse-hcl";

/** It works for 0.2 s. After a boot, when every service starts at once, that may take long by the clock: a station must start
 * then too. */
const TIME_LIMIT_MS = 60_000;

/** Values by block, label and key, or the reason for having none. */
export type HclResult =
  | { readonly values: unknown }
  | { readonly refused: true }
  /** The child failed; a sentence for the operator. */
  | { readonly failed: string };

function command(): string[] {
  const child = isPackaged ? PARSE_HCL_ARGUMENT : join(import.meta.dir, "child.ts");
  return [process.execPath, child];
}

/** Parses text of bounded size that passed the scan. Takes about 0.2 s in another process; never rejects. */
export async function parseHcl(text: string, limitMs = TIME_LIMIT_MS): Promise<HclResult> {
  try {
    return await runChild(text, limitMs);
  } catch (error) {
    return { failed: `the HCL parser could not be run: ${String(error)}` };
  }
}

async function runChild(text: string, limitMs: number): Promise<HclResult> {
  const endMs = systemClock.nowMs() + limitMs;
  const child = Bun.spawn(command(), {
    stdin: Buffer.from(text),
    stdout: "pipe",
    stderr: "pipe",
    // Secrets stay in the child. The parser exits before optimised code pays off: disabling the JIT
    // saves a quarter.
    env: { BUN_JSC_useDFGJIT: "0" },
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const [json, complaint, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code === 0) return { values: JSON.parse(json) };
  if (code === REFUSED) return { refused: true };
  if (child.signalCode !== null && systemClock.nowMs() >= endMs)
    return { failed: `the HCL parser did not end within ${limitMs / 1000} s` };
  if (child.signalCode !== null)
    return { failed: `the HCL parser was ended by ${child.signalCode} (is memory short?)` };
  return { failed: `the HCL parser failed: ${complaint.trim().split("\n").at(-1) ?? ""}` };
}
