// Countries by address, from a file in MaxMind's format. For the history's own thread only: it reads the whole file.
import { type CountryResponse, Reader } from "mmdb-lib";
import { readFileSync, statSync } from "node:fs";

/** DB-IP's small files have the code itself. */
type Found = CountryResponse | { readonly country_code?: string };

/** A changed file is read again this many uses later: about a minute. */
const USES_PER_LOOK = 60;

export class Countries {
  #reader: Reader<CountryResponse> | null = null;
  #stamp = "";
  #file = "";
  #uses = 0;

  /** Why the file cannot be used; "" if it can, or there is none. */
  trouble = "";

  /** From now on this file, or none for "". */
  use(file: string): void {
    if (file === this.#file && this.#uses++ % USES_PER_LOOK !== 0) return;
    this.#file = file;
    try {
      this.#read(file);
      this.trouble = "";
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  /** The ISO code of a country; "" if it is unknown. */
  of(address: string): string {
    if (this.#reader === null) return "";
    try {
      const found = this.#reader.get(address) as Found | null;
      const code = found === null ? "" : codeOf(found);
      return /^[A-Z]{2}$/.test(code) ? code : "";
    } catch {
      return "";
    }
  }

  #read(file: string): void {
    if (file === "") {
      this.#reader = null;
      this.#stamp = "";
      return;
    }
    const { size, mtimeMs } = statSync(file);
    const stamp = `${file} ${size} ${mtimeMs}`;
    if (stamp === this.#stamp) return;
    this.#reader = new Reader<CountryResponse>(readFileSync(file));
    this.#stamp = stamp;
  }
}

function codeOf(found: Found): string {
  if ("country_code" in found) return found.country_code ?? "";
  return "country" in found ? (found.country?.iso_code ?? "") : "";
}
