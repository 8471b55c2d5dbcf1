// What an edge asks its origin for when a player wants to wait for a segment.
import { expect, test } from "bun:test";
import { reloadAt } from "../../../src/http/hls/reload-query.ts";

test.each([
  ["_HLS_msn=107&_HLS_part=2", "_HLS_msn=7&_HLS_part=2"],
  ["_HLS_part=02&_HLS_skip=YES&_HLS_msn=0107&x=1", "_HLS_msn=7&_HLS_part=2"],
  ["_HLS_msn=5", "_HLS_msn=0"],
  ["_HLS_msn=1e18", "_HLS_msn="],
  ["_HLS_msn=-1&_HLS_part=a-name-of-my-own", "_HLS_msn=&_HLS_part="],
  ["_HLS_msn=107&_HLS_msn=108", "_HLS_msn=7"],
  ["_HLS_skip=v2", ""],
])("%s has one spelling at the origin", (query, asked) => {
  expect(reloadAt(new URLSearchParams(query), 100)).toBe(asked);
});
