// Reads and writes single rows of the history.
import type { Database, SQLQueryBindings } from "bun:sqlite";

export type Row = Readonly<Record<string, string | number | null>>;

export function all(database: Database, sql: string, values: SQLQueryBindings[] = []): Row[] {
  return database.query<Row, SQLQueryBindings[]>(sql).all(...values);
}

export function one(database: Database, sql: string, values: SQLQueryBindings[] = []): Row | null {
  return database.query<Row, SQLQueryBindings[]>(sql).get(...values);
}

export function text(value: Row[string] | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

export function number(value: Row[string] | undefined): number {
  return Number(value ?? 0);
}

export function numberOrNull(value: Row[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Adds a row; returns its id. */
export function insert(database: Database, sql: string, values: SQLQueryBindings[]): number {
  return Number(database.query(sql).run(...values).lastInsertRowid);
}
