// Pure: texts without network addresses, which are personal data.
import { bytesOfAddress } from "../lib/address-ranges.ts";

/** What may be one; neither a version behind a slash nor a part of a word. */
const CANDIDATE = /(?<![\w/.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*[\da-f])(?!\w)/gi;

/** The text with "…" in place of each IPv4 or IPv6 address. */
export function withoutAddresses(text: string): string {
  return text.replace(CANDIDATE, (found) => (bytesOfAddress(found) === null ? found : "…"));
}
