// An answer with a file, or with the part of it that a player asks for.
import type { OpenFile } from "../lib/open-file.ts";

const READ_BYTES = 65_536;

/** The bytes from <= i < to. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** The one range that a request wants of `size` bytes. null: everything; "none": there is no such part. */
export function rangeOf(header: string | null, size: number): ByteRange | null | "none" {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const [from, to] =
    first === ""
      ? [Math.max(0, size - Number(last)), size]
      : [Number(first), last === "" ? size : Math.min(size, Number(last) + 1)];
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  return from < to ? { from, to } : "none";
}

/** Closes the file when everything is read, or nobody reads on. */
export function fileAnswer(
  request: Request,
  opened: OpenFile,
  size: number,
  headers: Readonly<Record<string, string>>,
): Response {
  const range = rangeOf(request.headers.get("range"), size);
  const plain = { ...headers, "accept-ranges": "bytes" };
  if (range === "none") {
    void closed(opened);
    const status = { status: 416, headers: { ...plain, "content-range": `bytes */${size}` } };
    return new Response(null, status);
  }
  const { from, to } = range ?? { from: 0, to: size };
  const length = { ...plain, "content-length": String(to - from) };
  const body = bodyOf(opened, from, to);
  if (range === null) return new Response(body, { headers: length });
  const part = { ...length, "content-range": `bytes ${from}-${to - 1}/${size}` };
  return new Response(body, { status: 206, headers: part });
}

/** Reads on as fast as the client takes it. */
export function bodyOf(
  opened: OpenFile,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): ReadableStream<Uint8Array> {
  let at = from;
  // A stream that fails is not cancelled.
  const broken = async (error: unknown): Promise<never> => {
    await closed(opened);
    throw error;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = new Uint8Array(Math.min(READ_BYTES, to - at));
      const { bytesRead } = await opened.read(chunk, 0, chunk.length, at).catch(broken);
      at += bytesRead;
      if (bytesRead > 0) controller.enqueue(chunk.subarray(0, bytesRead));
      if (bytesRead > 0 && at < to) return;
      controller.close();
      await closed(opened);
    },
    cancel: () => closed(opened),
  });
}

/** Never rejects: the file was only read, so an error loses nothing. */
async function closed(opened: OpenFile): Promise<void> {
  await opened.close().catch(() => undefined);
}
