// Reads boxes of MP4: initialization segments and fragments of one sound track.

export interface Mp4Box {
  readonly type: string;
  readonly body: Uint8Array;
}

export interface Mp4Sample {
  readonly bytes: Uint8Array;
  readonly duration: number;
}

export interface Mp4Fragment {
  readonly sequence: number;
  readonly decodeTime: number;
  readonly samples: readonly Mp4Sample[];
}

export interface Mp4Init {
  readonly timescale: number;
  readonly codec: string;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** The box of the codec, without its head. */
  readonly specific: Uint8Array;
  /** Where playing begins, by the edit list; 0 without one. */
  readonly mediaTime: number;
  /** Samples in its own tables. */
  readonly samples: number;
  /** It says that fragments follow. */
  readonly isFragmented: boolean;
}

/** Throws if a box reaches beyond the bytes. */
export function mp4Boxes(bytes: Uint8Array): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 8 <= bytes.length ? viewOf(bytes).getUint32(at) : 0;
    if (length < 8 || at + length > bytes.length) throw new Error(`no box at ${at}`);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    boxes.push({ type, body: bytes.subarray(at + 8, at + length) });
    at += length;
  }
  return boxes;
}

/** The body of the box at this path. Throws if there is none. */
export function mp4Box(bytes: Uint8Array, ...path: readonly string[]): Uint8Array {
  return path.reduce((body, type) => {
    const found = mp4Boxes(body).find((box) => box.type === type);
    if (found === undefined) throw new Error(`no ${type}`);
    return found.body;
  }, bytes);
}

export function mp4Init(bytes: Uint8Array): Mp4Init {
  const track = mp4Box(bytes, "moov", "trak");
  const [entry] = mp4Boxes(mp4Box(track, "mdia", "minf", "stbl", "stsd").subarray(8));
  if (entry === undefined) throw new Error("no sample entry");
  const [specific] = mp4Boxes(entry.body.subarray(28));
  const view = viewOf(entry.body);
  return {
    timescale: viewOf(mp4Box(track, "mdia", "mdhd")).getUint32(12),
    codec: entry.type,
    channels: view.getUint16(16),
    bitsPerSample: view.getUint16(18),
    specific: specific?.body ?? new Uint8Array(0),
    mediaTime: mediaTimeOf(track),
    samples: viewOf(mp4Box(track, "mdia", "minf", "stbl", "stsz")).getUint32(8),
    isFragmented: mp4Boxes(mp4Box(bytes, "moov")).some(({ type }) => type === "mvex"),
  };
}

function mediaTimeOf(track: Uint8Array): number {
  if (!mp4Boxes(track).some(({ type }) => type === "edts")) return 0;
  return viewOf(mp4Box(track, "edts", "elst")).getUint32(12);
}

/** All fragments of a segment. Throws if a sample is not in its mdat. */
export function mp4Fragments(bytes: Uint8Array): Mp4Fragment[] {
  const boxes = mp4Boxes(bytes).filter(({ type }) => type !== "styp");
  return Array.from({ length: boxes.length / 2 }, (_, i) => {
    const [moof, mdat] = boxes.slice(2 * i, 2 * i + 2);
    if (moof?.type !== "moof" || mdat?.type !== "mdat") throw new Error("no pair of moof and mdat");
    return fragmentOf(moof.body, mdat.body);
  });
}

function fragmentOf(moof: Uint8Array, mdat: Uint8Array): Mp4Fragment {
  const traf = mp4Box(moof, "traf");
  const samples = samplesOf(traf, mdat, moof.length + 8);
  const sequence = viewOf(mp4Box(moof, "mfhd")).getUint32(4);
  const decodeTime = Number(viewOf(mp4Box(traf, "tfdt")).getBigUint64(4));
  return { sequence, decodeTime, samples };
}

function samplesOf(traf: Uint8Array, mdat: Uint8Array, moofBytes: number): Mp4Sample[] {
  const header = viewOf(mp4Box(traf, "tfhd"));
  const common = (header.getUint32(0) & 8) === 0 ? null : header.getUint32(8);
  const run = viewOf(mp4Box(traf, "trun"));
  const words = (run.getUint32(0) & 0x100) === 0 ? 1 : 2;
  let at = run.getUint32(8) - moofBytes - 8;
  const samples = Array.from({ length: run.getUint32(4) }, (_, i) => {
    const last = 12 + 4 * (words * (i + 1) - 1);
    const from = at;
    at += run.getUint32(last);
    if (at > mdat.length) throw new Error("a sample beyond its mdat");
    return { bytes: mdat.subarray(from, at), duration: common ?? run.getUint32(last - 4) };
  });
  if (at !== mdat.length) throw new Error("an mdat with more than its samples");
  return samples;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
