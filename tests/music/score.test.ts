// The notation the pieces are written in: names, lengths, chords and Morse.

import { describe, expect, test } from "bun:test";

import {
  chordAt,
  hertzOf,
  melody,
  morse,
  pitchOf,
  place,
  stroke,
  swing,
} from "../../music/synth/score.ts";

describe("score", () => {
  test("a name gives its pitch, flats and sharps included", () => {
    expect(["C4", "A4", "Bb3", "C#5"].map(pitchOf)).toEqual([60, 69, 58, 73]);
    expect(hertzOf(pitchOf("A3"))).toBeCloseTo(220);
  });

  test.each(["H4", "C", "c4", "Cb", "C4x"])("%s is refused as a name", (name) => {
    expect(() => pitchOf(name)).toThrow("is not a note name");
  });

  test("a line places its notes one after the other and leaves rests out", () => {
    const notes = melody("r:1 C5:1 | Eb5:2!", 4, 0.5, 0.6);
    expect(notes.map(({ beat, beats, pitch }) => [beat, beats, pitch])).toEqual([
      [4.5, 0.5, 72],
      [5, 1, 75],
    ]);
    expect(notes[1]?.velocity).toBeCloseTo(0.75);
  });

  test.each(["C5", "C5:0", "C5:x", "X:1"])("%s is refused as a note", (line) => {
    expect(() => melody(line)).toThrow("is not a note");
  });

  test("a chord sounds until the next one starts", () => {
    const home = { beats: 4, bass: "C3", voicing: "E3 G3" };
    const away = { beats: 2, bass: "F2", voicing: "A3 C4" };
    const chords = place([home, away], 8);
    expect([8, 11.9, 12, 99].map((beat) => chordAt(chords, beat).bass)).toEqual([
      "C3",
      "C3",
      "F2",
      "F2",
    ]);
    expect(stroke(home, 2, 1, 0.5, 0.1).map((note) => note.beat)).toEqual([2, 2.1]);
  });

  test("swing delays the off-beats only", () => {
    const swung = swing(melody("C5:1 C5:1 C5:1"), 0.1);
    expect(swung.map((note) => note.beat)).toEqual([0, 0.6, 1]);
  });

  test("Morse keys a dash as three dots, and parts letters by three", () => {
    const notes = morse("C3", 69, 0, 1);
    expect(notes.map((note) => note.beats)).toEqual([3, 1, 3, 1, 1, 1, 1, 3, 3]);
    expect(notes[4]?.beat).toBe(14);
  });
});
