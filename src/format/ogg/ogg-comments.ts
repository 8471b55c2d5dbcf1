// Reads a chain's comments in pieces, and does not keep long ones (pictures, lyrics).
import type { StreamMetadata } from "../frame.ts";
import { decodeText, plainText } from "../../lib/text.ts";
import { titledOf } from "../../lib/titled.ts";
import { concatBytes } from "../parts/bytes.ts";

/** Longer comments are left out, to keep the preamble short; no title is that long. */
export const COMMENT_MAX_BYTES = 4096;

const MOST_BYTES = 16_384;
const LENGTH_BYTES = 4;

/** The reader's position: the vendor string, the number of comments, the comments. Each text follows its length. */
type Place = "vendor" | "count" | "comments" | "end";

export class OggComments {
  #place: Place = "vendor";
  /** The number or text being read; null for a text that is left out. */
  #field: Uint8Array | null = new Uint8Array(LENGTH_BYTES);
  #isText = false;
  #wanted = LENGTH_BYTES;
  #filled = 0;
  #left = 0;
  #vendor: Uint8Array = new Uint8Array(0);
  #comments: Uint8Array[] = [];
  #keptBytes = 0;

  /** Takes the next bytes of the packet, without the codec's own prefix. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#place !== "end";) {
      const take = Math.min(this.#wanted - this.#filled, bytes.length - at);
      this.#field?.set(bytes.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled === this.#wanted) this.#complete();
    }
  }

  /** Vendor and comments in packet form, without those that were left out or incomplete. */
  get bytes(): Uint8Array {
    return packetOf(this.#vendor, this.#comments);
  }

  /** The same without the comments of these names. */
  bytesWithout(names: RegExp): Uint8Array {
    const others = this.#comments.filter((comment) => !names.test(decodeText(comment)));
    return packetOf(this.#vendor, others);
  }

  /** The same with these in place of others of their names, in upper case; empty ones are left out. */
  bytesTagged(fields: Readonly<Record<string, string>>): Uint8Array {
    const isOther = (comment: Uint8Array) => {
      const [name = ""] = decodeText(comment).split("=", 1);
      return !Object.hasOwn(fields, name.toUpperCase());
    };
    const given = Object.entries(fields).filter(([, text]) => text !== "");
    const added = given.map(([name, text]) => Buffer.from(`${name}=${text.toWellFormed()}`));
    return packetOf(this.#vendor, [...added, ...this.#comments.filter(isOther)]);
  }

  /** All comments that have a name. */
  get pairs(): (readonly [name: string, text: string])[] {
    return this.#comments.flatMap((comment) => {
      const text = decodeText(comment);
      const at = text.indexOf("=");
      return at < 0 ? [] : [[text.slice(0, at), text.slice(at + 1)] as const];
    });
  }

  /** Comments of the same vendor with another title; what else they said was of the old one. */
  bytesWith({ artist, title }: StreamMetadata): Uint8Array {
    const fields = [["TITLE", title] as const, ["ARTIST", artist] as const];
    const present = fields.filter(([, text]) => text !== "");
    return packetOf(
      this.#vendor,
      present.map(([key, text]) => Buffer.from(`${key}=${text}`)),
    );
  }

  /** Artist and title; several artists are joined by commas. null if there is neither. */
  get metadata(): StreamMetadata | null {
    return titledOf(this.#valuesOf("artist"), this.#valuesOf("title")[0] ?? "");
  }

  #complete(): void {
    if (this.#isText) this.#keep(this.#field);
    else this.#readNumber(numberOf(this.#field));
  }

  #readNumber(value: number): void {
    if (this.#place === "count") {
      this.#left = value;
      this.#place = value > 0 ? "comments" : "end";
      this.#expectNumber();
    } else {
      this.#expectText(value);
    }
  }

  #keep(text: Uint8Array | null): void {
    if (this.#place === "vendor") {
      this.#vendor = text ?? this.#vendor;
      this.#place = "count";
    } else {
      if (text !== null) this.#comments.push(text);
      if (--this.#left === 0) this.#place = "end";
    }
    this.#expectNumber();
  }

  #expectNumber(): void {
    this.#expect(LENGTH_BYTES, new Uint8Array(LENGTH_BYTES), false);
  }

  #expectText(length: number): void {
    const isKept = length <= COMMENT_MAX_BYTES && this.#keptBytes + length <= MOST_BYTES;
    if (isKept) this.#keptBytes += length + LENGTH_BYTES;
    this.#expect(length, isKept ? new Uint8Array(length) : null, true);
    if (length === 0) this.#complete();
  }

  #expect(length: number, field: Uint8Array | null, isText: boolean): void {
    this.#wanted = length;
    this.#filled = 0;
    this.#field = field;
    this.#isText = isText;
  }

  #valuesOf(key: string): string[] {
    return this.#comments.flatMap((comment) => {
      const text = decodeText(comment);
      const at = key.length;
      const isKey = text[at] === "=" && text.slice(0, at).toLowerCase() === key;
      const value = isKey ? plainText(text.slice(at + 1)) : "";
      return value === "" ? [] : value;
    });
  }
}

function packetOf(vendor: Uint8Array, comments: readonly Uint8Array[]): Uint8Array {
  const texts = [vendor, ...comments].map((text) => [littleEndian(text.length), text]);
  return concatBytes([
    ...(texts[0] ?? []),
    littleEndian(comments.length),
    ...texts.slice(1).flat(),
  ]);
}

function numberOf(bytes: Uint8Array | null): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes ?? [];
  return a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24;
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}
