// Channels in the order of WAV: front left, front right, centre, low frequencies, then the surround pairs.

/** For Vorbis and Opus, by the number of channels: the places of WAV's channels in theirs. */
const PLACES: Readonly<Record<number, readonly number[]>> = {
  3: [0, 2, 1],
  5: [0, 2, 1, 3, 4],
  6: [0, 2, 1, 5, 3, 4],
  7: [0, 2, 1, 6, 5, 3, 4],
  8: [0, 2, 1, 7, 5, 6, 3, 4],
};

/** Puts the channels of Vorbis or Opus (left, centre, right, …) into WAV's order. */
export function inFrontOrder(channels: readonly Float32Array[]): readonly Float32Array[] {
  const places = PLACES[channels.length];
  return places === undefined ? channels : places.flatMap((place) => channels[place] ?? []);
}
