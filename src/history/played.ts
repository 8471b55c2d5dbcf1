// What a mount played, the newest first.
import type { Database } from "bun:sqlite";
import type { Play, PlayedQuery } from "./history-calls.ts";
import { all, number, numberOrNull, type Row, text } from "./rows.ts";

/** Titles alone: neither silence nor what has no name. */
export function played(database: Database, { mount, beforeMs, limit }: PlayedQuery): Play[] {
  const sql = `SELECT play.*, path FROM play JOIN mount ON mount.id = play.mount
    WHERE play.mount = (SELECT id FROM mount WHERE path = ?) AND began_ms < ? AND is_filler = 0
      AND (artist <> '' OR title <> '') ORDER BY began_ms DESC, play.id DESC LIMIT ?`;
  return all(database, sql, [mount, beforeMs, limit]).map(playOf);
}

function playOf(row: Row): Play {
  const ended = numberOrNull(row["ended"]);
  return {
    id: number(row["id"]),
    mount: text(row["path"]),
    beganMs: number(row["began_ms"]),
    playedSeconds: ended === null ? null : ended - number(row["position"]),
    kind: text(row["kind"]),
    show: text(row["show"]),
    artist: text(row["artist"]),
    title: text(row["title"]),
    album: text(row["album"]),
    file: text(row["file"]),
    seconds: numberOrNull(row["seconds"]),
  };
}
