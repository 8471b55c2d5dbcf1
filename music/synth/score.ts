// Turns what a musician writes (note names, bars, Morse) into notes on a time line of beats.

export interface Note {
  readonly beat: number;
  readonly beats: number;
  /** Semitones, 60 is middle C. */
  readonly pitch: number;
  /** Loudness of the stroke, 0 to 1. */
  readonly velocity: number;
}

export interface Chord {
  readonly beats: number;
  readonly bass: string;
  /** Note names from low to high, separated by spaces. */
  readonly voicing: string;
}

export interface PlacedChord extends Chord {
  readonly beat: number;
}

const semitones: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const accidentals: Readonly<Record<string, number>> = { "": 0, "#": 1, b: -1 };

/** Pitch of a name such as `C4`, `F#3` or `Bb5`; throws on anything else. */
export function pitchOf(name: string): number {
  const [, letter = "", accidental = "", octave = ""] = /^([A-G])([#b]?)(\d)$/.exec(name) ?? [];
  const semitone = semitones[letter];
  if (semitone === undefined) throw new Error(`"${name}" is not a note name`);
  return semitone + (accidentals[accidental] ?? 0) + 12 * (Number(octave) + 1);
}

/** Frequency in Hz in equal temperament, A4 = 440 Hz. */
export function hertzOf(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

/**
 * Reads a line such as `r:1 C5:1 F5:2.`: a name or a rest, and a length counted in `unit` beats.
 * Bar lines `|` are for the eye. A trailing `!` accents a note.
 */
export function melody(line: string, beat = 0, unit = 0.5, velocity = 0.75): Note[] {
  const notes: Note[] = [];
  for (const token of line.split(/[\s|]+/).filter(Boolean)) {
    const [, name = "", length = "", accent] = /^([A-Gr][#b]?\d?):([\d.]+)(!?)$/.exec(token) ?? [];
    const beats = Number(length) * unit;
    if (!(beats > 0)) throw new Error(`"${token}" is not a note with a length`);
    const loudness = accent ? Math.min(1, velocity * 1.25) : velocity;
    if (name !== "r") notes.push({ beat, beats, pitch: pitchOf(name), velocity: loudness });
    beat += beats;
  }
  return notes;
}

/** Puts chords one after the other, the first at `beat`. */
export function place(chords: readonly Chord[], beat = 0): PlacedChord[] {
  return chords.map((chord) => {
    const placed = { ...chord, beat };
    beat += chord.beats;
    return placed;
  });
}

export function pitchesOf(chord: Chord): number[] {
  return chord.voicing.split(" ").map(pitchOf);
}

/** The chord sounding at a beat; the last one rings on after the end. */
export function chordAt(chords: readonly PlacedChord[], beat: number): PlacedChord {
  const chord = chords.findLast((candidate) => candidate.beat <= beat + 1e-6) ?? chords[0];
  if (!chord) throw new Error("a piece needs chords");
  return chord;
}

/** All notes of a chord as one stroke; `strum` beats lie between two neighbouring strings. */
export function stroke(
  chord: Chord,
  beat: number,
  beats: number,
  velocity: number,
  strum = 0,
): Note[] {
  return pitchesOf(chord).map((pitch, string) => ({
    beat: beat + string * strum,
    beats,
    pitch,
    velocity,
  }));
}

/** Delays every off-beat eighth by `amount` beats, which is what makes a line swing. */
export function swing(notes: readonly Note[], amount: number): Note[] {
  return notes.map((note) => {
    const isOffBeat = Math.round(note.beat * 2) % 2 === 1;
    return isOffBeat ? { ...note, beat: note.beat + amount } : note;
  });
}

export function transpose(notes: readonly Note[], by: number): Note[] {
  return notes.map((note) => ({ ...note, pitch: note.pitch + by }));
}

const morseCodes: Readonly<Record<string, string>> = {
  C: "-.-.",
  Q: "--.-",
  7: "--...",
  3: "...--",
};

/** Keys letters in Morse on one pitch; a dot lasts `unit` beats. */
export function morse(text: string, pitch: number, beat: number, unit: number): Note[] {
  const notes: Note[] = [];
  for (const letter of text) {
    for (const sign of morseCodes[letter] ?? "") {
      const beats = sign === "-" ? 3 * unit : unit;
      notes.push({ beat, beats, pitch, velocity: 0.6 });
      beat += beats + unit;
    }
    beat += 2 * unit;
  }
  return notes;
}
