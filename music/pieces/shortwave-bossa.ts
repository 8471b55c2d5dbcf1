// "Shortwave Bossa": a beach bossa in C, 138 to the minute, that opens by keying CQ ("calling anyone") in Morse.

import { rim, shaker, swell, kick } from "../synth/drums.ts";
import { mix, perform, strike } from "../synth/mix.ts";
import type { Lane, Session } from "../synth/mix.ts";
import { chordAt, melody, morse, pitchesOf, pitchOf, place, stroke } from "../synth/score.ts";
import type { Chord, Note, PlacedChord } from "../synth/score.ts";
import { seededRandom } from "../synth/signal.ts";
import type { Stereo } from "../synth/signal.ts";
import { bell, fingerBass, pluckedString, pulseLead, telegraph, whistle } from "../synth/voices.ts";

const session: Session = { beatsPerMinute: 138, seconds: 59, random: seededRandom(1963) };
const bar = 4;
const firstVerse = 2 * bar;
const secondVerse = firstVerse + 8 * bar;
const bridge = secondVerse + 8 * bar;
const lastVerse = bridge + 8 * bar;
const endBeat = lastVerse + 6 * bar;

const home: Chord = { beats: 4, bass: "C3", voicing: "E3 G3 B3 D4" };
const bright: Chord = { beats: 4, bass: "D3", voicing: "F#3 A3 C4 E4" };
const minor: Chord = { beats: 4, bass: "D3", voicing: "F3 A3 C4 E4" };
const pull: Chord = { beats: 4, bass: "G2", voicing: "F3 A3 B3 E4" };
const turn: Chord[] = [
  { beats: 2, bass: "E3", voicing: "G3 B3 D4 E4" },
  { beats: 2, bass: "A2", voicing: "G3 Bb3 C#4 E4" },
  { beats: 2, bass: "D3", voicing: "F3 A3 C4 E4" },
  { beats: 2, bass: "G2", voicing: "F3 A3 B3 D4" },
];
const toBridge: Chord[] = [
  home,
  { beats: 2, bass: "G2", voicing: "F3 A3 Bb3 D4" },
  { beats: 2, bass: "C3", voicing: "E3 A3 Bb3 D4" },
];
const opening = [home, home, bright, bright, minor, pull];
const middle: Chord[] = [
  { beats: 8, bass: "F2", voicing: "E3 G3 A3 C4" },
  { beats: 8, bass: "Bb2", voicing: "F3 Ab3 C4 D4" },
  { beats: 4, bass: "E2", voicing: "G3 B3 D4 E4" },
  { beats: 4, bass: "A2", voicing: "G3 Bb3 C#4 E4" },
  { beats: 4, bass: "D3", voicing: "F3 A3 C4 E4" },
  { beats: 4, bass: "G2", voicing: "F3 A3 B3 D4" },
];
const last: Chord = { beats: 8, bass: "C3", voicing: "E3 A3 D4 G4" };

const chords: PlacedChord[] = [
  ...place([home, home, ...opening, ...turn, ...opening, ...toBridge], 0),
  ...place([...middle, ...opening, last], bridge),
];

const tune = `
  G5:2! E5:1 G5:2 A5:1 G5:1 E5:1 | D5:1 E5:3 r:1 C5:1 D5:1 E5:1
  F#5:2! D5:1 F#5:2 A5:1 F#5:1 D5:1 | C5:1 D5:3 r:1 E5:1 D5:1 C5:1
  F5:2! D5:1 F5:2 A5:1 G5:1 F5:1 | E5:1 D5:2 B4:3 D5:2`;
const firstEnding = ` G5:3! E5:1 C#5:1 E5:1 G5:1 Bb5:1 | A5:2 F5:1 D5:1 B4:1 D5:1 F5:2`;
const secondEnding = ` E5:3! D5:1 C5:4 | r:1 G4:1 C5:1 D5:1 E5:2 G5:2`;
const coda = ` E5:1! G5:1 r:1 C6:3`;

const song = `
  A5:6! G5:2 | E5:3 F5:1 G5:4 | Ab5:6! G5:2 | F5:3 D5:1 F5:4
  G5:3! E5:1 B5:4 | Bb5:3! A5:1 G5:2 E5:2 | F5:3 A5:1 C6:4 | B5:2 A5:1 G5:2 F5:1 D5:1 F5:1`;

// Over two bars, in eighths: the bossa clave, and the guitar that leans on it.
const clave = [0, 3, 6, 10, 13];
const comping = [0, 3, 6, 9, 12, 14];

function everyTwoBars(pattern: readonly number[], until: number): number[] {
  const starts = Array.from({ length: until / (2 * bar) }, (_, pair) => pair * 2 * bar);
  return starts.flatMap((start) => pattern.map((eighth) => start + eighth / 2));
}

/** Thumb-and-fingers comping; an anticipated stroke already takes the chord to come. */
function guitarNotes(): Note[] {
  const strokes = everyTwoBars(comping, endBeat).flatMap((beat, index) => {
    const isPushed = beat % bar === 3.5;
    const chord = chordAt(chords, isPushed ? beat + 0.5 : beat);
    return stroke(chord, beat, index % 2 ? 0.7 : 1.1, index % 3 ? 0.5 : 0.62, 0.012);
  });
  return [...strokes, ...stroke(last, endBeat, 6, 0.7, 0.06)];
}

/** Root and fifth in the dotted rhythm of the surdo. */
function bassNotes(): Note[] {
  const notes = everyTwoBars([0, 3, 4, 7, 8, 11, 12, 15], endBeat).map((beat, index) => {
    const chord = chordAt(chords, beat);
    const isHeadOfChord = chord.beat === beat;
    const isFifth = !isHeadOfChord && (index % 4 === 1 || index % 4 === 2);
    const root = pitchOf(chord.bass) - (pitchOf(chord.bass) > 47 ? 12 : 0);
    const isShort = index % 2 === 1;
    return {
      beat,
      beats: isShort ? 0.42 : 1.3,
      pitch: isFifth ? root + 7 : root,
      velocity: isShort ? 0.55 : 0.8,
    };
  });
  return [...notes, { beat: endBeat, beats: 3, pitch: 36, velocity: 0.85 }];
}

/** Chip sparkle in the bridge: the chord's notes run upwards in sixteenths, an octave higher. */
function sparkle(): Note[] {
  return Array.from({ length: 8 * bar * 4 }, (_, sixteenth) => {
    const beat = bridge + sixteenth / 4;
    const pitches = pitchesOf(chordAt(chords, beat));
    const pitch = (pitches[sixteenth % pitches.length] ?? 60) + 12;
    return { beat, beats: 0.2, pitch, velocity: sixteenth % 4 ? 0.3 : 0.42 };
  });
}

function percussionLanes(): Lane[] {
  const eighths = Array.from({ length: endBeat * 2 }, (_, eighth) => eighth / 2);
  const kicks = everyTwoBars([0, 3, 4, 7, 8, 11, 12, 15], endBeat).filter((b) => b >= firstVerse);
  const shake = (index: number): number => [0.75, 0.32, 0.5, 0.36][index % 4] ?? 0;
  const rims = everyTwoBars(clave, endBeat).filter((beat) => beat >= firstVerse);
  const swells = [bridge, lastVerse].map((beat) => beat - (2 * session.beatsPerMinute) / 60);
  return [
    { audio: strike(session, eighths, shaker, shake, 0.5), gain: 0.42, room: 0.06 },
    { audio: strike(session, rims, rim, () => 0.6, 0.3), gain: 0.5, room: 0.2 },
    { audio: strike(session, kicks, kick, (i) => (i % 2 ? 0.3 : 0.5)), gain: 0.55 },
    { audio: strike(session, swells, swell, () => 0.3), gain: 0.35, room: 0.3 },
  ];
}

function tuneLanes(): Lane[] {
  const lead = [
    ...melody(tune + firstEnding, firstVerse),
    ...melody(tune + secondEnding, secondVerse),
    ...melody(tune + coda, lastVerse),
  ];
  const sung = melody(song, bridge);
  const chimes = [...lead.filter((note) => note.velocity > 0.8), ...sung.slice(-3)].map((note) => ({
    ...note,
    velocity: 0.3,
  }));
  const keyed = morse("CQ", pitchOf("G5"), 0.5, 0.25);
  return [
    { audio: perform(session, lead, pulseLead, { pan: 0.06 }), gain: 0.68, room: 0.2, echo: 0.2 },
    { audio: perform(session, sung, whistle, { pan: -0.05 }), gain: 0.46, room: 0.3, echo: 0.2 },
    {
      audio: perform(session, sparkle(), pulseLead, { pan: 0.3, spread: 0.5 }),
      gain: 0.3,
      room: 0.2,
    },
    { audio: perform(session, chimes, bell, { pan: -0.3 }), gain: 0.4, room: 0.3 },
    { audio: perform(session, keyed, telegraph), gain: 0.36, room: 0.2, echo: 0.2 },
  ];
}

export function shortwaveBossa(): Stereo {
  const nylon = pluckedString({ ring: 2.4, brightness: 0.2 });
  const stage = { pan: -0.38, spread: 0.2, looseness: 0.006 };
  const lanes: Lane[] = [
    ...tuneLanes(),
    ...percussionLanes(),
    { audio: perform(session, guitarNotes(), nylon, stage), gain: 0.78, room: 0.2 },
    { audio: perform(session, bassNotes(), fingerBass), gain: 0.6 },
  ];
  return mix(session, lanes, { seconds: 1.3, damping: 0.35, size: 0.75 }, 0.75);
}
