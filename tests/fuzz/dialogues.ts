// What clients say: heads, bodies, titles and proxy headers are read the same however they are cut, and a broken one is refused
// with a reason.
import { type BodyPart, ChunkedBody } from "../../src/wire/body.ts";
import { basicCredentials } from "../../src/wire/basic.ts";
import { MAX_HEAD_BYTES } from "../../src/wire/fields.ts";
import { ProxyHeaderReader } from "../../src/wire/proxy-header.ts";
import { HeadReader } from "../../src/wire/request-head.ts";
import { InlineTitles } from "../../src/input/live/inline-titles.ts";
import { HEADS } from "../door/encoders.ts";
import { type Chance, pieces } from "./chance.ts";
import { type Target, hold } from "./target.ts";

interface Result {
  readonly kind: string;
  readonly rest?: Uint8Array;
}

interface Reader {
  push(chunk: Uint8Array): Result;
}

/** The result, the rest of the whole input behind it; null while more is needed. */
function read(reader: Reader, chunks: Iterable<Uint8Array>, length: number) {
  let fed = 0;
  for (const chunk of chunks) {
    const result = reader.push(chunk);
    fed += chunk.length;
    if (result.kind !== "more") return { ...result, at: fed - (result.rest?.length ?? 0), length };
  }
  return null;
}

/** Where it ends in the input, and what it says, agree however the input was cut. */
function compare(create: () => Reader, bytes: Uint8Array, chance: Chance): void {
  const whole = read(create(), [bytes], bytes.length);
  const cut = read(create(), pieces(bytes, chance), bytes.length);
  hold(whole?.kind === cut?.kind, `the whole is ${whole?.kind}, in pieces it is ${cut?.kind}`);
  if (whole === null || cut === null || whole.rest === undefined) return;
  const { rest: _a, ...told } = whole;
  const { rest: _b, ...toldCut } = cut;
  hold(Bun.deepEquals(told, toldCut), "the whole says something else than its pieces");
}

const text = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.join("\r\n"));

const PROXY_V2 = Buffer.from(
  "0d0a0d0a000d0a515549540a2111000c7f0000010a0000020400005047455420",
  "hex",
);

/** The data of all parts, and the state of the last. */
function body(chunks: Iterable<Uint8Array>) {
  const decoder = new ChunkedBody();
  const data: Uint8Array[] = [];
  let state: BodyPart["state"] = "open";
  for (const chunk of chunks) {
    if (state !== "open") break;
    const part = decoder.push(chunk);
    data.push(part.data.slice());
    state = part.state;
  }
  return { data: Buffer.concat(data), state };
}

function audioOf(metaint: number, chunks: Iterable<Uint8Array>): Buffer {
  const titles = new InlineTitles(metaint);
  const audio: Uint8Array[] = [];
  for (const chunk of chunks)
    for (const stretch of titles.push(chunk)) audio.push(stretch.audio.slice());
  return Buffer.concat(audio);
}

const titleBlock = Buffer.from("\u0002StreamTitle='Artist - Title';\0\0", "latin1");

export const dialogues: readonly Target[] = [
  {
    name: "request heads",
    seeds: Object.values(HEADS).map(({ head }) => Buffer.from(head, "latin1")),
    check(bytes, chance) {
      compare(() => new HeadReader(), bytes, chance);
      const endless = Buffer.concat([bytes, Buffer.alloc(2 * MAX_HEAD_BYTES, "a")]);
      hold(new HeadReader().push(endless).kind !== "more", "a head has no end");
    },
  },
  {
    name: "PROXY headers",
    seeds: [text("PROXY TCP4 192.0.2.1 10.0.0.1 51234 8000", "GET / HTTP/1.0", "", ""), PROXY_V2],
    check: (bytes, chance) => compare(() => new ProxyHeaderReader(), bytes, chance),
  },
  {
    name: "chunked bodies",
    seeds: [text("5", "hello", "1f;name=value", "a".repeat(31), "0", "", "")],
    check(bytes, chance) {
      const [whole, cut] = [body([bytes]), body(pieces(bytes, chance))];
      hold(whole.state === cut.state, "pieces end otherwise than the whole");
      hold(whole.data.equals(cut.data), "pieces hold other data than the whole");
    },
  },
  {
    name: "inline titles",
    seeds: [Buffer.concat([Buffer.alloc(64, 1), titleBlock, Buffer.alloc(64, 2), Buffer.alloc(1)])],
    check(bytes, chance) {
      const metaint = chance.pick([1, 16, 64]);
      const whole = audioOf(metaint, [bytes]);
      hold(whole.equals(audioOf(metaint, pieces(bytes, chance))), "pieces hold other audio");
    },
  },
  {
    name: "Basic credentials",
    seeds: [text(`Basic ${btoa("source:hackme")}`), text("Basic Og=="), text("Bearer token")],
    check: (bytes) => void basicCredentials(Buffer.from(bytes).toString("latin1")),
  },
];
