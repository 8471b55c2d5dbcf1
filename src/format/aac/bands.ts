// The scale factor bands of AAC: spectral lines that share a scale factor (ISO/IEC 14496-3, 4.5.4).

/** The widths of the bands in units of four lines, as digits: of a long window, and of a short one. */
interface Bands {
  readonly long: string;
  readonly short: string;
}

const HIGHEST: Bands = {
  long: "11111111111111222223333344679bggggggggggg",
  short: "111111222479",
};
const AT_64000: Bands = {
  long: "11111111111111222233344456679aaaaaaaaaaaaaaaaaa",
  short: "111111222479",
};
const AT_48000: Bands = {
  long: "111111111122222223333445566778888888888888888888o",
  short: "11111222333444",
};
const AT_32000: Bands = {
  long: "111111111122222223333445566778888888888888888888888",
  short: "11111222333444",
};
const AT_24000: Bands = {
  long: "1111111111122222222223333444556677899abcddggggg",
  short: "111111122233445",
};
const AT_16000: Bands = {
  long: "222222222223333333334444555667789aabcdefggg",
  short: "111111112233455",
};
const LOWEST: Bands = {
  long: "33333333333334444444555566677899abcdefgk",
  short: "111111122223455",
};

/** From the sample rate on, in Hz. */
const BY_RATE: readonly (readonly [sampleRate: number, bands: Bands])[] = [
  [88_200, HIGHEST],
  [64_000, AT_64000],
  [44_100, AT_48000],
  [32_000, AT_32000],
  [22_050, AT_24000],
  [11_025, AT_16000],
  [0, LOWEST],
];

/** Lines of each band of one window, the lowest first. */
export function bandWidths(sampleRate: number, isShort: boolean): readonly number[] {
  const [, bands] = BY_RATE.find(([from]) => sampleRate >= from) ?? [0, LOWEST];
  const digits = isShort ? bands.short : bands.long;
  return Array.from(digits, (digit) => Number.parseInt(digit, 36) * 4);
}
