// The body of an answer in HTTP/1.1 chunks.

/** Takes the chunks off; throws where there is no chunk. What is not whole yet is left out. */
export function unchunked(body: Buffer): { readonly bytes: Buffer; readonly isEnded: boolean } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const head = /^([\da-f]+)\r\n/i.exec(body.toString("latin1", at, at + 12));
    if (head === null && body.length - at < 12) break;
    if (head === null) throw new Error(`no chunk at byte ${at}`);
    const begin = at + head[0].length;
    const end = begin + Number.parseInt(head[1] ?? "", 16);
    if (body.length < end + 2) break;
    if (body.toString("latin1", end, end + 2) !== "\r\n") throw new Error(`no end at byte ${end}`);
    if (begin === end) return { bytes: Buffer.concat(chunks), isEnded: true };
    chunks.push(body.subarray(begin, end));
    at = end + 2;
  }
  return { bytes: Buffer.concat(chunks), isEnded: false };
}
