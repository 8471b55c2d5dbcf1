// The calls that the thread of the catalogue's folder answers, or that of the converted tracks.
import type { Perform } from "../disk/answer-calls.ts";
import type { Call, FileCall } from "../disk/call.ts";
import { collector } from "../disk/collector.ts";
import { performFileCall } from "../disk/file-calls.ts";
import type { CatalogueCall } from "./catalogue-calls.ts";
import { CatalogueFile } from "./catalogue-file.ts";

export function createCataloguePerform(): Perform {
  const files = new Map<string, CatalogueFile>();
  const collect = collector();
  return (call: Call, shared) => {
    if (!isCatalogueCall(call)) return performFileCall(call as FileCall, shared);
    collect();
    const file = files.get(call.catalogue) ?? new CatalogueFile(call.catalogue);
    files.set(call.catalogue, file);
    return file.perform(call);
  };
}

function isCatalogueCall(call: Call): call is CatalogueCall {
  return "catalogue" in call;
}
