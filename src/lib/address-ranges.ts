// Sets of network addresses: single ones, and ranges in CIDR notation such as "10.0.0.0/8".

/** An IPv4 address counts as its mapped form, with 96 bits in front. */
const ADDRESS_BITS = 128;
const MAPPED_BITS = 96;

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const V6 = /^[\da-f:.]{2,45}$/i;
const RANGE = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/;

function mapped(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.fill(0xff, 10, 12);
  bytes.set(address.split(".").map(Number), 12);
  return bytes;
}

/** `groups`: canonical, at most one of them empty. */
function expanded(groups: string): Uint8Array {
  const [head = [], tail = []] = groups.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  const view = new DataView(new ArrayBuffer(16));
  [...head, ...zeros, ...tail].forEach((group, i) => view.setUint16(i * 2, Number(`0x${group}`)));
  return new Uint8Array(view.buffer);
}

/** With a dotted end as two groups: Bun's URL refuses most addresses that have one. */
function inGroups(text: string): string {
  const dotted = text.slice(text.lastIndexOf(":") + 1);
  if (!V4.test(dotted)) return text;
  const hex = Buffer.from(mapped(dotted).subarray(12)).toString("hex");
  return `${text.slice(0, -dotted.length)}${hex.slice(0, 4)}:${hex.slice(4)}`;
}

/** The 16 bytes of an address; null if the text is none. */
export function bytesOfAddress(text: string): Uint8Array | null {
  if (V4.test(text)) return mapped(text);
  if (!V6.test(text) || !text.includes(":")) return null;
  const url = `http://[${inGroups(text)}]`;
  return URL.canParse(url) ? expanded(new URL(url).hostname.slice(1, -1)) : null;
}

interface Range {
  readonly bytes: Uint8Array;
  /** How many leading bits count. */
  readonly bits: number;
}

/** null if the text is neither an address nor a range. Bits behind the prefix are ignored. */
function rangeOf(text: string): Range | null {
  const [, address = "", prefix] = RANGE.exec(text) ?? [];
  const bytes = bytesOfAddress(address);
  if (bytes === null) return null;
  const before = V4.test(address) ? MAPPED_BITS : 0;
  const bits = prefix === undefined ? ADDRESS_BITS : before + Number(prefix);
  return bits > ADDRESS_BITS ? null : { bytes, bits };
}

export function isAddressRange(text: string): boolean {
  return rangeOf(text) !== null;
}

function contains({ bytes, bits }: Range, address: Uint8Array): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== address[i]) return false;
  const shift = 8 - (bits & 7);
  return shift === 8 || (bytes[whole] ?? 0) >> shift === (address[whole] ?? 0) >> shift;
}

export class AddressRanges {
  readonly #ranges: readonly Range[];

  /** Texts that are no ranges are left out. */
  constructor(texts: readonly string[]) {
    this.#ranges = texts.map(rangeOf).filter((range) => range !== null);
  }

  has(address: string): boolean {
    if (this.#ranges.length === 0) return false;
    const bytes = bytesOfAddress(address);
    return bytes !== null && this.hasBytes(bytes);
  }

  /** `address`: 16 bytes, IPv4 in mapped form. */
  hasBytes(address: Uint8Array): boolean {
    return this.#ranges.some((range) => contains(range, address));
  }
}
