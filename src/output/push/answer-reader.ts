// Pure: the answers of another server to a source's request. There may be several: 100, then 200 or a refusal.
const MAX_BYTES = 8192;

const MAX_SENTENCE = 100;

const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})(?: ([^\r\n]*))?\r?\n/;

export interface PushAnswer {
  readonly status: number;
  /** The status with what the server says about it, in one line: "403 Forbidden: Mountpoint in use". */
  readonly sentence: string;
}

export class AnswerReader {
  #text = "";
  #isBroken = false;

  /** `secrets`: of the request, which some servers repeat. */
  constructor(private readonly secrets: readonly string[] = []) {}

  /** The answers that these bytes complete. What is not HTTP has the status 0, once. */
  push(bytes: Uint8Array): PushAnswer[] {
    if (this.#isBroken) return [];
    this.#text = (this.#text + Buffer.from(bytes).toString("latin1")).slice(0, MAX_BYTES);
    const answers: PushAnswer[] = [];
    for (let answer = this.#next(); answer !== null; answer = this.#next()) answers.push(answer);
    return answers;
  }

  #next(): PushAnswer | null {
    if (this.#text === "") return null;
    const end = /\r?\n\r?\n/.exec(this.#text);
    const status = STATUS_LINE.exec(this.#text);
    if (status === null && !this.#couldBegin()) return this.#fail();
    if (end === null) return this.#text.length < MAX_BYTES ? null : this.#fail();
    if (status === null) return this.#fail();
    this.#text = this.#text.slice(end.index + end[0].length);
    return this.#answer(Number(status[1]), status[2] ?? "");
  }

  #couldBegin(): boolean {
    return !this.#text.includes("\n") && "HTTP/".startsWith(this.#text.slice(0, 5));
  }

  #fail(): PushAnswer {
    this.#isBroken = true;
    this.#text = "";
    return { status: 0, sentence: "its answer is not HTTP" };
  }

  /** The body of a refusal is what follows: nothing else comes. */
  #answer(status: number, reason: string): PushAnswer {
    const said = sentenceOf(`${status} ${reason}`, this.secrets);
    if (status < 300) return { status, sentence: said };
    const body = sentenceOf(this.#text, this.secrets);
    this.#text = "";
    this.#isBroken = true;
    const isPlain = body !== "" && !body.includes("<");
    return { status, sentence: isPlain ? `${said}: ${body}` : said };
  }
}

/** What another server says, in one short line without secrets. */
export function sentenceOf(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((shown, secret) => shown.replaceAll(secret, "******"), text)
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, MAX_SENTENCE);
}
