// An error with its stack in one line, as the log has only lines.

const MAX_FRAMES = 10;

export function stackLine(error: unknown): string {
  const stack = (error instanceof Error ? error.stack : undefined) ?? String(error);
  const lines = stack.split("\n").map((line) => line.trim());
  return lines.slice(0, 1 + MAX_FRAMES).join(" ");
}
