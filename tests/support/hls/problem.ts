// The checks of the HLS validator, and what they find. Sections are those of RFC 8216, or of its second edition (bis).

export const CHECKS = {
  text: "a playlist is UTF-8 without BOM and control characters (4.1)",
  begin: "#EXTM3U is the first line (4.3.1.1)",
  kind: "a playlist has tags of one kind only (4.1)",
  attributes: "attribute lists are written as defined, each name once (4.2)",
  values: "attributes have values of their type, and those that must be there are (4.2)",
  version: "EXT-X-VERSION stands once, and is high enough for what is used (7)",
  once: "tags that describe the whole playlist stand at most once (4.3.3)",
  order: "sequence numbers stand before the first segment (4.3.3.2, 4.3.3.3)",
  target: "EXT-X-TARGETDURATION is there and an integer (4.3.3.1)",
  duration: "each EXTINF, rounded, is at most the target duration (4.3.3.1)",
  extinf: "each segment has one EXTINF with a duration and a comma (4.3.2.1)",
  map: "fMP4 has an EXT-X-MAP, packed audio none (3.3, 3.4, 4.3.2.5)",
  dates: "EXT-X-PROGRAM-DATE-TIME is a date with a time zone and milliseconds (4.3.2.6)",
  "date-steps": "dates advance by EXTINF, and never go back (4.3.2.6)",
  "range-fields": "EXT-X-DATERANGE has an ID and a START-DATE, and no end before it (4.3.2.7)",
  "range-next": "END-ON-NEXT needs a CLASS, and excludes other ends (4.3.2.7)",
  "range-changed": "the attributes of one ID never change (4.3.2.7)",
  "range-dates": "a playlist with EXT-X-DATERANGE has a date (4.3.2.7)",
  "target-changed": "the target duration never changes (6.2.1)",
  sequence: "the media sequence grows by one for each removed segment (6.2.2)",
  "segment-changed": "a segment keeps its URI and its tags (6.2.1)",
  discontinuity: "the discontinuity sequence of a segment never changes (6.2.2)",
  window: "no segment is removed from fewer than three target durations (6.2.2)",
  pace: "a new playlist comes between 0.5 and 1.5 target durations after the one before (6.2.1)",
  ended: "nothing is added behind EXT-X-ENDLIST (4.3.3.4)",
  removed: "a removed segment stays available for its own and the playlist's duration (6.2.2)",
  "stream-inf": "EXT-X-STREAM-INF has BANDWIDTH and CODECS, and a URI follows (4.3.4.2)",
  bandwidth: "no segment has a higher bit rate than BANDWIDTH (4.3.4.2)",
  average: "AVERAGE-BANDWIDTH is the mean of the segments, and at most BANDWIDTH (4.3.4.2)",
  codecs: "CODECS names what the segments have (4.3.4.2)",
  "variant-target": "variants have one target duration (6.2.4)",
  "variant-times": "variants have the same content at the same time (6.2.4)",
  "variant-discontinuity": "variants have matching discontinuity sequences (6.2.4)",
  control: "hold back three target durations at least, by known attributes (bis 4.4.3.8)",
  hint: "EXT-X-PRELOAD-HINT has a type and a URI that comes true, one of each type (bis 4.4.5.3, 6.2.6)",
  "part-inf":
    "parts need EXT-X-PART-INF, and that a PART-HOLD-BACK of two of them (bis 4.4.3.7, 4.4.3.8)",
  "part-duration":
    "a part is 85 to 100 % of its target, the last one of a segment aside (bis 4.4.4.9)",
  "part-sum": "the parts of a segment are as long as the segment (bis 4.4.4.9)",
  "part-order":
    "parts are added at the end, in the order of their segments, and never change (bis 6.2.1)",
  "part-pace": "a new part comes within a part target (bis 6.2.1)",
  "part-removed":
    "a part stays available for three target durations after it was listed (bis 6.2.2)",
  "part-media": "the parts of a segment have its media, in its order (bis 4.4.4.9)",
  status: "what a playlist names can be fetched (6.2.1)",
  type: "media types are those of the container (4, 3.3, 3.4)",
  timestamp: "packed audio begins with the tag of its timestamp, 33 bits (3.4)",
  frames: "a segment has whole frames of one format, and nothing else (3)",
  "segment-times": "timestamps follow each other without a gap (3, 6.2.1)",
  length: "a segment is as long as its EXTINF (4.3.2.1)",
  init: "an initialization segment has ftyp and moov with mvex, and no samples (3.3)",
  tfdt: "each fragment has its decode time, and sequence numbers grow (3.3)",
  cors: "any page may fetch",
  "playlist-cache": "playlists are cached for a second at most, with a strong ETag",
  "segment-cache": "segments are cached for a day at least, as immutable",
  "not-modified": "a playlist that has not changed is answered 304",
  gzip: "playlists can be compressed, segments are not",
} as const;

export type Check = keyof typeof CHECKS;

export interface Problem {
  readonly check: Check;
  readonly text: string;
}

export type Report = (check: Check, text: string) => void;
