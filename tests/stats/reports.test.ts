// What was played as files: cells are quoted, formulas are text, reports are in ASCII.
import { describe, expect, test } from "bun:test";
import type { HeardPlay } from "../../src/history/questions.ts";
import { columnsOf, csvLine, playCells, SoundExchange } from "../../src/stats/reports.ts";

function play(more: Partial<HeardPlay> = {}): HeardPlay {
  return {
    id: 1,
    mount: "/stream",
    beganMs: Date.UTC(2026, 7, 1),
    playedSeconds: 245,
    kind: "playlist",
    show: "",
    artist: "Motörhead",
    title: "Ace of Spades",
    album: "Ace | of ^ Spades",
    file: "a.mp3",
    seconds: 250,
    sessions: 12,
    listeners: 10,
    listenedSeconds: 1800,
    atStart: 8,
    atEnd: 9,
    joined: 4,
    left: 3,
    tunedOut: 1,
    peak: 11,
    countries: { US: 5, DE: 7 },
    ...more,
  };
}

describe("a line of CSV", () => {
  test("quotes what needs it, and marks what a spreadsheet would run", () => {
    expect(csvLine(["a,b", 'say "hi"', "=1+1", "-2", "line\nbreak", 3, null])).toBe(
      `"a,b","say ""hi""",'=1+1,'-2,"line\nbreak",3,\r\n`,
    );
    expect(csvLine(["a,b", "c;d"], ";")).toBe('a,b;"c;d"\r\n');
  });

  test("has the columns of a template, with its headings", () => {
    const columns = columnsOf("title:Titel, played:Dauer,listening_hours") ?? [];
    expect(columns.map(({ heading }) => heading)).toEqual(["Titel", "Dauer", "listening_hours"]);
    expect(playCells(play(), columns)).toEqual(["Ace of Spades", "0:04:05", 0.5]);
    expect(columnsOf("title,constructor")).toBeNull();
  });
});

describe("SoundExchange's report of use", () => {
  test("sums the performances of a recording, in ASCII without its separators", () => {
    const report = new SoundExchange({ service: "Radio", category: "A", country: "" });
    report.add(play());
    report.add(play({ sessions: 3 }));
    expect(report.text().split("\r\n")[1]).toBe(
      "^Radio^|^A^|^Motorhead^|^Ace of Spades^|^^|^Ace   of   Spades^|^^|15",
    );
  });

  test("counts the performances to one country alone", () => {
    const report = new SoundExchange({ service: "Radio", category: "A", country: "US" });
    report.add(play());
    expect(report.text()).toEndWith("|5\r\n");
  });
});
