// What the mounts share to know their audio: the catalogue, the converter with its cache, and the meter of live streams.
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { ChildConverter } from "../convert/child-converter.ts";
import { ConvertProcess } from "../convert/convert-process.ts";
import type { Priority } from "../convert/lower-priority.ts";
import { WindowMeter } from "../convert/window-meter.ts";
import type { Disks } from "../disk/disks.ts";
import type { Copying } from "../input/playlist/conversions.ts";
import { catalogueOf, libraryDirectory } from "../library/catalogue.ts";
import type { Log } from "../lib/log.ts";

const MIB_PER_GB = 1e9 / 2 ** 20;

/** Catalogue and converter are null if nothing is to outlast a restart. `priority`: of the child processes. */
export function buildLibrary(config: Config, disks: Disks, log: Log, priority: Priority) {
  return {
    catalogue: catalogueOf(config, disks, log),
    copying: copyingOf(config, disks, log, priority),
    meter: new WindowMeter({ priority }),
  };
}

function copyingOf(config: Config, disks: Disks, log: Log, priority: Priority): Copying | null {
  const library = libraryDirectory(config);
  if (library === "") return null;
  const directory = join(library, "converted");
  const limitMib = config.library.cacheGb * MIB_PER_GB;
  const disk = disks.apart(directory, `the folder of converted tracks ${directory}`, log);
  const process = new ConvertProcess({ priority });
  const converter = new ChildConverter({ directory, limitMib, disk, log, process });
  return { converter, disk, hasCache: limitMib > 0 };
}
