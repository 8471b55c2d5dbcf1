// What questions are answered from: the tables, and what is not in them yet.
import type { Database } from "bun:sqlite";
import type { Ledger } from "./ledger.ts";

export interface Source {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly nowMs: number;
}
