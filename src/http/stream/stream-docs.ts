// The documentation of the streams, and of the small files that lead players to them.
import { CONTENT_TYPES } from "../../format/content-type.ts";
import { FULL } from "../../output/stream-answer.ts";
import { TUNE_IN, type TuneInKind } from "../../stats/player-files.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import { CHOICE } from "../mount-choice.ts";
import { bytes, operation, query, refused, text } from "../operation.ts";

function header(name: string, description: string) {
  return { name, in: "header", description, schema: { type: "string" as const } };
}

function streamOperation(path: string) {
  return operation({
    tag: "stream",
    summary: `Listen to ${path}`,
    description: "An endless stream.",
    parameters: [
      query(
        "at",
        "Where to begin: -300 is five minutes ago; or a date with its zone. It stays that far behind",
      ),
      query("resume", "The Cycast-Resume of a former answer: goes on where that broke off"),
      query(
        "bytes",
        "With resume: audio bytes received of it, without titles; without bytes, those sent count",
      ),
      header("Icy-MetaData", "1: titles stand between the frames, every `icy-metaint` bytes"),
      header("Range", "Fewer than 100 bytes of it, such as bytes=0-1: a probe, and no listener"),
    ],
    answers: {
      200: bytes("The stream; its type may change with the source", CONTENT_TYPES),
      400: text(
        "at or bytes cannot be read",
        "text/plain",
        "bytes is the number of audio bytes received.\n",
      ),
      416: text(
        "That time is not held, or still to come",
        "text/plain",
        "That time is still to come.\n",
      ),
      503: text("Every listener's place is taken", "text/plain", FULL),
    },
  });
}

const URL = "http://radio.example:8000/stream";
const STREAM = { url: URL, name: "A Station", description: "Its description" };

function file({ contentType, render }: TuneInKind) {
  return text("The address of the stream", contentType, render(STREAM));
}

function tuneInOperation(path: string, kind: TuneInKind) {
  return operation({
    tag: "stream",
    summary: `Playlist file for ${path}`,
    answers: { 200: file(kind) },
  });
}

export function listenOperation(kind: TuneInKind) {
  return operation({
    tag: "shoutcast",
    summary: "Playlist file for a stream",
    parameters: CHOICE,
    answers: { 200: file(kind), 404: refused("There is no such mount", "No such stream") },
  });
}

/** The paths of these mounts, as an OpenAPI document has them. A mount may have the name of another's tune-in file. */
export function mountPaths(all: readonly MountParts[]): Record<string, { readonly get: object }> {
  const mounts = new Set(all.map(({ mount }) => mount.path));
  const paths = [...mounts].flatMap((path) => [
    [path, streamOperation(path)] as const,
    ...Object.entries(TUNE_IN)
      .filter(([ending]) => !mounts.has(`${path}.${ending}`))
      .map(([ending, kind]) => [`${path}.${ending}`, tuneInOperation(path, kind)] as const),
  ]);
  return Object.fromEntries(paths.map(([path, { detail }]) => [path, { get: detail }]));
}
