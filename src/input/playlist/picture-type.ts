// Picture types, which ID3 and FLAC have in common.

export const FRONT_COVER = 3;
