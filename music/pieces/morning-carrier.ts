// "Morning Carrier": lo-fi in F, 80 to the minute, swung; a guitar tells the tune and a whistle repeats it.

import { crackle, hat, kick, snare } from "../synth/drums.ts";
import { duck, tape, tremolo } from "../synth/effects.ts";
import { bed, mix, perform, secondsAt, strike } from "../synth/mix.ts";
import type { Lane, Session } from "../synth/mix.ts";
import { melody, pitchOf, place, stroke, swing } from "../synth/score.ts";
import type { Chord, Note, PlacedChord } from "../synth/score.ts";
import { seededRandom } from "../synth/signal.ts";
import type { Stereo } from "../synth/signal.ts";
import { electricPiano, fingerBass, pluckedString, whistle } from "../synth/voices.ts";

const session: Session = { beatsPerMinute: 80, seconds: 59.5, random: seededRandom(1906) };
const swingBeats = 0.1;
const introBeats = 8;
const verseBeats = 32;
const endBeat = introBeats + 2 * verseBeats;

const intro: Chord[] = [
  { beats: 4, bass: "F2", voicing: "A3 C4 E4 G4" },
  { beats: 4, bass: "C2", voicing: "F3 G3 Bb3 D4" },
];

// Round the circle of fifths, each pair of bars a third below the last.
const verse: Chord[] = [
  { beats: 4, bass: "F2", voicing: "A3 C4 E4 G4" },
  { beats: 2, bass: "E2", voicing: "G3 Bb3 D4 E4" },
  { beats: 2, bass: "A1", voicing: "G3 Bb3 C#4 E4" },
  { beats: 4, bass: "D2", voicing: "F3 A3 C4 E4" },
  { beats: 2, bass: "C2", voicing: "G3 Bb3 D4 Eb4" },
  { beats: 2, bass: "F2", voicing: "G3 A3 D4 Eb4" },
  { beats: 4, bass: "Bb1", voicing: "F3 A3 C4 D4" },
  { beats: 2, bass: "A1", voicing: "G3 A3 C4 E4" },
  { beats: 2, bass: "D2", voicing: "F#3 A3 C4 Eb4" },
  { beats: 4, bass: "G1", voicing: "F3 A3 Bb3 D4" },
  { beats: 2, bass: "C2", voicing: "F3 G3 Bb3 D4" },
  { beats: 2, bass: "C2", voicing: "E3 A3 Bb3 D4" },
];

const ending: Chord[] = [{ beats: 7, bass: "F2", voicing: "A3 C4 E4 G4" }];

// Its first four notes (so do re mi) are the call sign that all three pieces share.
const tune = `
  r:1 C5:1 F5:1 G5:1 A5:3! G5:1 | G5:2 E5:1 D5:1 C#5:2 E5:2
  r:1 A4:1 D5:1 E5:1 F5:3! E5:1 | Eb5:2 D5:1 C5:1 A4:2 C5:2
  r:1 F4:1 Bb4:1 C5:1 D5:3! C5:1 | C5:2 A4:1 G4:1 F#4:2 A4:2
  G4:1 Bb4:1 D5:1 F5:1 A5:3! G5:1 | F5:2 D5:1 C5:1 E5:3 r:1`;

const reprise = `
  r:1 C5:1 F5:1 G5:1 A5:2! C6:1 A5:1 | G5:3 E5:1 C#5:1 E5:1 G5:2
  r:1 A4:1 D5:1 E5:1 F5:2! A5:1 F5:1 | Eb5:3 D5:1 A4:1 C5:1 Eb5:2
  r:1 F4:1 Bb4:1 C5:1 D5:2! F5:1 D5:1 | C5:3 A4:1 F#4:1 A4:1 C5:2
  G4:1 Bb4:1 D5:1 F5:1 A5:3! Bb5:1 | A5:2 G5:2 E5:3 C5:1 | F5:6`;

/** Short answers of the guitar in the gaps the whistle leaves. */
const answers = `
  r:12 A4:1 C#5:1 E5:2 | r:12 F4:1 A4:1 C5:2 | r:12 D4:1 F#4:1 A4:2 | r:16 | C5:1 F5:1 A5:1 C6:6`;

const chords: PlacedChord[] = [
  ...place(intro, 0),
  ...place(verse, introBeats),
  ...place(verse, introBeats + verseBeats),
  ...place(ending, endBeat),
];

/** A held chord and, in the longer bars, a soft second stroke before the third beat. */
function keys(chord: PlacedChord): Note[] {
  if (chord.beats === 2) return stroke(chord, chord.beat, 1.9, 0.62, 0.015);
  const upper = { ...chord, voicing: chord.voicing.split(" ").slice(1).join(" ") };
  const first = stroke(chord, chord.beat, chord.beats === 7 ? 7 : 2.4, 0.7, 0.02);
  if (chord.beats === 7) return first;
  return [...first, ...stroke(upper, chord.beat + 2.5, 1.4, 0.45, 0.01)];
}

/** Root on the first beat, then a pick-up at the octave or the fifth. */
function bassLine(chord: PlacedChord): Note[] {
  const root = pitchOf(chord.bass);
  const long = { beat: chord.beat, pitch: root, velocity: 0.85 };
  if (chord.beats === 7) return [{ ...long, beats: 6 }];
  if (chord.beats === 2) {
    return [
      { ...long, beats: 1.4 },
      { beat: chord.beat + 1.5, beats: 0.45, pitch: root + 12, velocity: 0.55 },
    ];
  }
  return [
    { ...long, beats: 1.4 },
    { beat: chord.beat + 1.5, beats: 0.9, pitch: root, velocity: 0.6 },
    { beat: chord.beat + 2.5, beats: 0.9, pitch: root + 7, velocity: 0.7 },
    { beat: chord.beat + 3.5, beats: 0.45, pitch: root + 12, velocity: 0.55 },
  ];
}

/** The same beats of the bar in every bar of the two verses. */
function everyBar(...beatsOfBar: number[]): number[] {
  const bars = Array.from({ length: (2 * verseBeats) / 4 }, (_, bar) => introBeats + bar * 4);
  return bars.flatMap((bar) =>
    beatsOfBar.map((beat) => bar + beat + (beat % 1 === 0.5 ? swingBeats : 0)),
  );
}

const kickBeats = [...everyBar(0, 1.5, 2.5), endBeat];

function drumLanes(): Lane[] {
  const hats = [4, 5, 6, 7, ...everyBar(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)];
  const snares = everyBar(1, 3);
  const ghosts = everyBar(3.5).filter((_, bar) => bar % 4 === 3);
  const drums: Array<[Stereo, number, number]> = [
    [strike(session, kickBeats, kick, (i) => (i % 3 === 1 ? 0.5 : 0.85)), 0.78, 0.02],
    [strike(session, snares, snare, () => 0.6, 0.08), 0.6, 0.16],
    [strike(session, ghosts, snare, () => 0.25, -0.1), 0.5, 0.16],
    [strike(session, hats, hat, (i) => (i % 2 ? 0.28 : 0.5), 0.3), 0.42, 0.04],
  ];
  return drums.map(([audio, gain, room]) => ({ audio: tape(audio, 0.0003), gain, room }));
}

function pianoLane(): Lane {
  const kicks = kickBeats.map((beat) => secondsAt(session, beat));
  const stage = { spread: 0.35, looseness: 0.012 };
  const dry = perform(session, swing(chords.flatMap(keys), swingBeats), electricPiano, stage);
  return { audio: duck(tape(tremolo(dry, 1.9, 0.35)), kicks, 0.28), gain: 0.47, room: 0.22 };
}

function tuneLanes(): Lane[] {
  const guitar = pluckedString({ ring: 4, brightness: 0.35 });
  const second = introBeats + verseBeats;
  const first = swing(melody(tune, introBeats, 0.5, 0.72), swingBeats);
  const fills = swing(melody(answers, second, 0.5, 0.5), swingBeats);
  const sung = swing(melody(reprise, second, 0.5, 0.75), swingBeats);
  const plucked = perform(session, [...first, ...fills], guitar, { pan: -0.18, looseness: 0.01 });
  const whistled = perform(session, sung, whistle, { pan: 0.14, looseness: 0.015 });
  return [
    { audio: tape(plucked, 0.0006), gain: 1.25, room: 0.24, echo: 0.16 },
    { audio: whistled, gain: 0.42, room: 0.34, echo: 0.16 },
  ];
}

export function morningCarrier(): Stereo {
  const played = chords.slice(intro.length);
  const low = perform(session, swing(played.flatMap(bassLine), swingBeats), fingerBass, {
    looseness: 0.008,
  });
  const dust = bed(session, () => crackle(session.seconds, session.random));
  const lanes: Lane[] = [
    pianoLane(),
    ...tuneLanes(),
    ...drumLanes(),
    { audio: low, gain: 0.46 },
    { audio: dust, gain: 0.1 },
  ];
  return mix(session, lanes, { seconds: 1.5, damping: 0.45, size: 0.8 }, 0.75);
}
