// Pure: fields of messages from other nodes, which may run another version. What does not fit reads as empty.

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | null {
  const isPlain = typeof value === "object" && value !== null && !Array.isArray(value);
  // Its properties stay unknown.
  return isPlain ? (value as Fields) : null;
}

const MAX_TEXT = 500;

export function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MAX_TEXT) : "";
}

/** Not below 0. */
export function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, value) : 0;
}

export function listOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}
