// The containers of segments. A new one is a line here.
import type { StreamFormat } from "../format/frame.ts";
import { fragmentedFlac, fragmentedOpus } from "./fragmented.ts";
import { packedAac, packedMp3 } from "./packed-audio.ts";
import type { SegmentContainer } from "./segment-container.ts";

const CONTAINERS: readonly SegmentContainer[] = [
  packedMp3,
  packedAac,
  fragmentedOpus,
  fragmentedFlac,
];

/** The longest unit of any container: variants have one target duration. */
export const MAX_UNIT_SECONDS = Math.max(...CONTAINERS.map(({ unitSeconds }) => unitSeconds));

/** null: there is no HLS for this format. */
export function containerOf(format: StreamFormat): SegmentContainer | null {
  return CONTAINERS.find((container) => container.playlistName(format) !== null) ?? null;
}
