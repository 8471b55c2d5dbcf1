// What the mounts share of their music: the catalogue, and the converter with its cache.
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { ChildConverter } from "../convert/child-converter.ts";
import type { Disks } from "../disk/disks.ts";
import type { Copying } from "../input/playlist/conversions.ts";
import { catalogueOf, libraryDirectory } from "../library/catalogue.ts";
import type { Log } from "../lib/log.ts";

const MIB_PER_GB = 1e9 / 2 ** 20;

/** Both are null if nothing is to outlast a restart. */
export function buildLibrary(config: Config, disks: Disks, log: Log) {
  return {
    catalogue: catalogueOf(config, disks, log),
    copying: copyingOf(config, disks, log),
  };
}

function copyingOf(config: Config, disks: Disks, log: Log): Copying | null {
  const library = libraryDirectory(config);
  if (library === "") return null;
  const directory = join(library, "converted");
  const limitMib = config.library.cacheGb * MIB_PER_GB;
  const disk = disks.apart(directory, `the folder of converted tracks ${directory}`, log);
  const converter = new ChildConverter({ directory, limitMib, disk, log });
  return { converter, disk, hasCache: limitMib > 0 };
}
