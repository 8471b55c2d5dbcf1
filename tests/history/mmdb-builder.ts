// A database in MaxMind's format with one network, byte by byte.

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40 | value.length]), Buffer.from(value)]);
}

function count(value: number, type: 5 | 6): Buffer {
  const bytes = Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
  return Buffer.concat([Buffer.from([(type << 5) | 4]), type === 5 ? bytes.subarray(2) : bytes]);
}

/** Sixteen bits have a type of their own. */
function short(value: number): Buffer {
  return Buffer.from([(5 << 5) | 2, value >>> 8, value & 255]);
}

function map(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const fields = entries.flatMap(([name, value]) => [text(name), value]);
  return Buffer.concat([Buffer.from([(7 << 5) | entries.length]), ...fields]);
}

/** `bits` of an IPv4 address lead to a country; all other addresses to nothing. */
export function mmdbOf(address: string, bits: number, code: string): Buffer {
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  // One node for each bit; a record that is the number of nodes is empty, a larger one points behind the tree.
  const found = bits + 16;
  const nodes = Array.from({ length: bits }, (_, at) => {
    const next = at === bits - 1 ? found : at + 1;
    const isRight = Math.floor(number / 2 ** (31 - at)) % 2 === 1;
    const records = isRight ? [bits, next] : [next, bits];
    return Buffer.from(
      records.flatMap((record) => [record >>> 16, (record >>> 8) & 255, record & 255]),
    );
  });
  const data = map([["country", map([["iso_code", text(code)]])]]);
  const metadata = map([
    ["node_count", count(bits, 6)],
    ["record_size", short(24)],
    ["ip_version", short(4)],
    ["database_type", text("Test")],
    ["binary_format_major_version", short(2)],
    ["binary_format_minor_version", short(0)],
    ["build_epoch", count(1, 6)],
  ]);
  const mark = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from("MaxMind.com")]);
  return Buffer.concat([...nodes, Buffer.alloc(16), data, mark, metadata]);
}
