// All calls that a disk thread answers.
import type { Call, FileCall } from "../disk/call.ts";
import { performFileCall } from "../disk/file-calls.ts";
import type { Perform } from "../disk/thread.ts";
import type { CatalogueCall, CatalogueReply } from "./catalogue-calls.ts";
import { CatalogueFile } from "./catalogue-file.ts";
import { Libraries } from "./libraries.ts";
import type { FindCall, LibraryCall, SearchCall } from "./state.ts";

const CALLS_PER_COLLECTION = 40;

/** `random` returns 0 <= x < 1. */
export function createPerform(random: () => number = Math.random): Perform {
  const libraries = new Libraries(random);
  const catalogues = new Catalogues();
  let calls = 0;
  return (call: Call, shared) => {
    const isOfMusic = isLibraryCall(call) || isCatalogueCall(call);
    // A thread's garbage grows to several times what it holds before it is collected.
    if (isOfMusic && ++calls % CALLS_PER_COLLECTION === 0) Bun.gc(true);
    if (call.call === "search") return libraries.search(call as SearchCall);
    if (call.call === "find") return libraries.find(call as FindCall);
    if (isLibraryCall(call)) return libraries.perform(call);
    if (isCatalogueCall(call)) return catalogues.perform(call);
    return performFileCall(call as FileCall, shared);
  };
}

class Catalogues {
  readonly #files = new Map<string, CatalogueFile>();

  perform(call: CatalogueCall): CatalogueReply {
    const known = this.#files.get(call.catalogue) ?? new CatalogueFile(call.catalogue);
    this.#files.set(call.catalogue, known);
    return known.perform(call);
  }
}

function isCatalogueCall(call: Call): call is CatalogueCall {
  return "catalogue" in call;
}

function isLibraryCall(call: Call): call is LibraryCall {
  return "choice" in call;
}
