// Countries of addresses that are connected now, asked of the history's thread, which has the file, and kept here.
import { within } from "../lib/within.ts";
import type { HistoryStore } from "./history-store.ts";

/** Addresses kept; more than listen at a time on most stations. */
const MAX_KEPT = 20_000;

/** A disk may not answer at all: countries are then unknown. */
const MAX_WAIT_MS = 1000;

export class CountryCache {
  readonly #known = new Map<string, string>();
  #file = "";

  /** `store`: null if no history is kept. */
  constructor(
    private readonly store: Pick<HistoryStore, "ask"> | null,
    private readonly file: () => string,
  ) {}

  /** A file of countries is configured, and there is a thread that reads it. */
  get isOn(): boolean {
    return this.store !== null && this.file() !== "";
  }

  /** The ISO code; "" while it is unknown. */
  of(address: string): string {
    return this.#known.get(address) ?? "";
  }

  /** Asks for those that are not kept yet. Never rejects. */
  async learn(addresses: readonly string[]): Promise<void> {
    if (this.store === null || this.file() === "") return;
    this.#follow();
    const fresh = [...new Set(addresses)].filter((one) => !this.#known.has(one));
    if (fresh.length === 0) return;
    const asked = fresh.slice(0, MAX_KEPT);
    const codes = await within(
      MAX_WAIT_MS,
      this.store.ask({ query: "countries", addresses: asked }),
    );
    if (codes === null) return;
    if (this.#known.size + asked.length > MAX_KEPT) this.#known.clear();
    for (const [at, address] of asked.entries()) this.#known.set(address, codes[at] ?? "");
  }

  /** Another file has other answers. */
  #follow(): void {
    const file = this.file();
    if (file === this.#file) return;
    this.#file = file;
    this.#known.clear();
  }
}
