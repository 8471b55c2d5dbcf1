// env("NAME"), the only expression a configuration may contain: the value of an environment variable.

export type Environment = Readonly<Record<string, string | undefined>>;

const ENV_CALL = /^env\(\s*"([A-Za-z_][A-Za-z0-9_]*)"\s*\)$/;

/** The variable's name if the source of a value is a call of env, else null. */
export function envName(source: string): string | null {
  return ENV_CALL.exec(source)?.[1] ?? null;
}
