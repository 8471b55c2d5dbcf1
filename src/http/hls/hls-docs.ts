// The documentation of the playlists and segments of mounts with HLS.
import { multivariantText, PLAYLIST_TYPE } from "../../hls/playlist-text.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import { bytes, operation, query, text } from "../operation.ts";

const PLAIN = "text/plain";

const VARIANT = {
  uri: "mp3.m3u8",
  bandwidth: 129_067,
  averageBandwidth: 128_410,
  codecs: "mp4a.40.34",
};

const MEDIA = `#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:60290152
#EXT-X-DISCONTINUITY-SEQUENCE:1004836
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES
#EXT-X-DATERANGE:ID="2a2c4b59-0",CLASS="cycast.title",START-DATE="2026-11-29T19:15:50.365Z",END-ON-NEXT=YES,X-TITLE="Morning Carrier",X-ARTIST="Cycast"
#EXT-X-PROGRAM-DATE-TIME:2026-11-29T19:15:50.365Z
#EXTINF:6.00816,
2a2c4b59-60290152.mp3
`;

const PAST = `#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:15
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PROGRAM-DATE-TIME:2026-11-29T18:00:00.000Z
#EXTINF:10.00490,
past-0123456789abcdef-2465-160090-0.mp3
#EXT-X-ENDLIST
`;

const NOT_MODIFIED = { 304: { description: "Not modified" } };
const OFF = text("The mount has no HLS", PLAIN, "/stream has no HLS: hls.enabled is false.\n");

function named(name: string, description: string, example: string) {
  const schema = { type: "string" as const };
  return { name, in: "path", required: true, description, schema, example };
}

function multivariant(path: string) {
  return operation({
    tag: "stream",
    summary: `Listen to ${path} by HLS`,
    description: "The multivariant playlist, which names the media playlists.",
    answers: {
      200: text("The streams that there are", PLAYLIST_TYPE, multivariantText([VARIANT], "")),
      ...NOT_MODIFIED,
      404: OFF,
      503: text("Nothing has been heard yet", PLAIN, "There is no segment yet.\n"),
    },
  });
}

function media(path: string) {
  return operation({
    tag: "stream",
    summary: `A media playlist of ${path}`,
    parameters: [
      named("playlist", "As the multivariant playlist names it", "mp3"),
      query("_HLS_msn", "Answer once there is the segment of this media sequence number"),
      query("_HLS_part", "Answer once there is this part of that segment"),
    ],
    answers: {
      200: text("The newest segments, and the titles heard in them", PLAYLIST_TYPE, MEDIA),
      ...NOT_MODIFIED,
      400: text(
        "_HLS_msn cannot be read, or is too far ahead",
        PLAIN,
        "_HLS_msn is a media sequence number.\n",
      ),
      404: OFF,
      503: text("The segment has not come in time", PLAIN, "The segment has not come in time.\n"),
    },
  });
}

function past(path: string) {
  return operation({
    tag: "stream",
    summary: `What is recorded of ${path}, by HLS`,
    description:
      "Of MP3 and AAC, up to twelve hours. It ends if `to` is past, else it grows as the recording does.",
    parameters: [
      query("from", "A date with its zone, or seconds back", -3600, { required: true }),
      query("to", "The same; without it up to now, and further"),
    ],
    answers: {
      200: text("Segments of the recordings", PLAYLIST_TYPE, PAST),
      302: { description: "The same with dates in place of seconds" },
      ...NOT_MODIFIED,
      400: text("from or to cannot be read", PLAIN, "from is not before to, or still to come.\n"),
      404: text("Nothing is recorded", PLAIN, "/stream is not recorded.\n"),
      503: text("The disk does not answer", PLAIN, "The disk of the recordings is busy.\n"),
    },
  });
}

function segment(path: string) {
  return operation({
    tag: "stream",
    summary: `A segment of ${path}, or a part of one`,
    parameters: [named("file", "As a media playlist names it", "2a2c4b59-60290152.mp3")],
    answers: {
      200: bytes("It never changes", ["audio/mpeg", "audio/aac", "audio/mp4"]),
      ...NOT_MODIFIED,
      404: text(
        "There is none, or none any more",
        PLAIN,
        "This segment is not available (any more).\n",
      ),
    },
  });
}

/** The paths of mounts with HLS, as an OpenAPI document has them. */
export function hlsPaths(all: readonly MountParts[]): Record<string, { readonly get: object }> {
  const paths = all
    .filter(({ hls }) => hls.isOn)
    .flatMap(({ mount: { path } }) => [
      [`${path}/hls/index.m3u8`, multivariant(path)] as const,
      [`${path}/hls/past.m3u8`, past(path)] as const,
      [`${path}/hls/{playlist}.m3u8`, media(path)] as const,
      [`${path}/hls/{file}`, segment(path)] as const,
    ]);
  return Object.fromEntries(paths.map(([path, { detail }]) => [path, { get: detail }]));
}
