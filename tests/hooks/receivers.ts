// Receivers of web hooks that answer as the real ones do: each takes what its own documentation asks for, and refuses the
// rest with the status that it has there.
import { createHmac } from "node:crypto";

export interface Got {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (got: Got, url: URL) => number;

export const KEY = "s3cret-of-the-hook";

function parsed(body: string): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === "string" && value !== "" && [...value].length <= longest;
}

/** A webhook of Standard Webhooks, which takes nothing that is not signed. */
const json: Answer = ({ headers, body }) => {
  const parts = [headers.get("webhook-id"), headers.get("webhook-timestamp"), body];
  const digest = createHmac("sha256", KEY).update(parts.join(".")).digest("base64");
  return headers.get("webhook-signature") === `v1,${digest}` ? 200 : 401;
};

/** Discord's "Execute Webhook". */
const discord: Answer = ({ path, body }) => {
  if (!/^\/api\/webhooks\/\d+\/\w+$/.test(path)) return 404;
  return isText(parsed(body).content, 2000) ? 204 : 400;
};

/** Telegram's sendMessage. */
const telegram: Answer = ({ path, body }) => {
  if (!/^\/bot\d+:\w+\/sendMessage$/.test(path)) return 404;
  const { chat_id, text } = parsed(body);
  return isText(chat_id, 100) && isText(text, 4096) ? 200 : 400;
};

/** Mastodon's POST /api/v1/statuses. */
const mastodon: Answer = ({ path, headers, body }) => {
  if (headers.get("authorization") !== `Bearer ${KEY}`) return 401;
  if (path !== "/api/v1/statuses") return 404;
  return isText(parsed(body).status, 500) ? 200 : 422;
};

/** TuneIn's Playing.ashx. */
const tunein: Answer = ({ path }, { searchParams }) => {
  const has = (name: string) => searchParams.get(name) !== null;
  const isWhole = ["partnerId", "partnerKey", "id", "title", "artist"].every(has);
  return path === "/Playing.ashx" && isWhole ? 200 : 403;
};

/** ListenBrainz' submit-listens. */
const listenbrainz: Answer = ({ path, headers, body }) => {
  if (headers.get("authorization") !== `Token ${KEY}`) return 401;
  if (path !== "/1/submit-listens") return 404;
  const { listen_type, payload } = JSON.parse(body);
  const [{ listened_at, track_metadata }, ...others] = payload;
  const isDated = Number.isInteger(listened_at);
  const isRight = listen_type === "playing_now" ? !isDated : listen_type === "single" && isDated;
  const { artist_name, track_name } = track_metadata;
  const isNamed = isText(artist_name, 1000) && isText(track_name, 1000);
  return isRight && isNamed && others.length === 0 ? 200 : 400;
};

const ANSWERS = { json, discord, telegram, mastodon, tunein, listenbrainz };

/** What an operator would configure as the address, behind the receiver's own. */
const PATHS = {
  json: "/hook",
  discord: "/api/webhooks/123/abc",
  telegram: "/bot123:abc/sendMessage?chat_id=@radio",
  mastodon: "",
  tunein: "/?partnerId=p&partnerKey=k&id=s12345",
  listenbrainz: "",
};

export type ReceiverKind = keyof typeof ANSWERS;

export function receiver(kind: ReceiverKind) {
  const taken: Got[] = [];
  const refused: number[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const got = { path: url.pathname, headers: request.headers, body: await request.text() };
      const status = ANSWERS[kind]({ ...got }, url);
      if (status < 300) taken.push({ ...got, path: url.pathname + url.search });
      else refused.push(status);
      return new Response(null, { status });
    },
  });
  return {
    taken,
    refused,
    url: `http://127.0.0.1:${server.port}${PATHS[kind]}`,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}
