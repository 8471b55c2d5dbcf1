// The types of pictures that ID3 and FLAC share.

export const FRONT_COVER = 3;
