// The least that a server in Bun can do: answers from memory, with the headers of HLS, whoever asks. bare-server.ts PORT FILE...
import { basename } from "node:path";

const [port, ...paths] = Bun.argv.slice(2);

const OPEN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Age, Date, ETag",
  "cache-control": "public, max-age=86400, immutable",
  "cross-origin-resource-policy": "cross-origin",
  etag: '"2a2c4b59-60290152.mp3"',
  server: "Bun",
  "x-content-type-options": "nosniff",
};

const files = new Map<string, readonly [Blob, ResponseInit]>();
for (const path of paths) {
  const body = new Blob([await Bun.file(path).bytes()]);
  const own = { "content-type": Bun.file(path).type, "content-length": String(body.size) };
  files.set(basename(path), [body, { headers: new Headers({ ...OPEN, ...own }) }]);
}

Bun.serve({
  port: Number(port),
  hostname: "127.0.0.1",
  fetch({ url }) {
    const [body = null, head = { status: 404 }] = files.get(basename(url)) ?? [];
    return new Response(body, head);
  },
});
