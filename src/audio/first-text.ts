// What a program complains about first.

/** Kept of it. */
const MAX_COMPLAINT = 400;

/** The first line; the rest is read and dropped, or the program would wait for a reader. */
export async function firstText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (text.length < MAX_COMPLAINT) text += decoder.decode(chunk, { stream: true });
  }
  const line = text.split("\n")[0] ?? "";
  return line.replace(/^\/dev\/stdin: |^\[[^\]]*\] /g, "").slice(0, MAX_COMPLAINT);
}
