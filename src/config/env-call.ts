// env("NAME"), the one expression a configuration may hold: the value of an environment variable.

export type Environment = Readonly<Record<string, string | undefined>>;

const ENV_CALL = /^env\(\s*"([A-Za-z_][A-Za-z0-9_]*)"\s*\)$/;

/** The name of the variable when the source of a value is a call of env, else null. */
export function envName(source: string): string | null {
  return ENV_CALL.exec(source)?.[1] ?? null;
}
