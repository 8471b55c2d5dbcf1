// The CRC of MPEG audio: polynomial 0x8005, highest bit first.

const POLYNOMIAL = 0x8005;
const START = 0xffff;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : POLYNOMIAL);
  return crc;
});

/** The CRC of `bytes`, going on from the CRC of what stands before them. */
export function crc16(bytes: Uint8Array, before = START): number {
  let crc = before;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);
  return crc;
}
