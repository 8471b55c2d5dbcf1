// Answers questions from the tables, and from the figures of titles that are not settled yet.
import type { Source } from "./source.ts";
import { curveOf, heardPlays, played } from "./played.ts";
import type { Answers, CountriesQuestion, HistoryQuestion } from "./questions.ts";
import { memoryOf } from "./memory.ts";
import { sessionsOf } from "./past-sessions.ts";
import { seriesOf, weekOf } from "./series.ts";
import { topOf } from "./top.ts";

/** Those that the tables answer. */
type TableQuestion = Exclude<HistoryQuestion, CountriesQuestion>;

export function answerOf(source: Source, question: TableQuestion): Answers[keyof Answers] {
  switch (question.query) {
    case "played":
      return played(source.database, question);
    case "plays":
      return heardPlays(source, question);
    case "series":
      return seriesOf(source.database, question);
    case "top":
      return topOf(source, question);
    case "week":
      return weekOf(source, question);
    case "curve":
      return curveOf(source, question);
    case "sessions":
      return sessionsOf(source, question);
    case "memory":
      return memoryOf(source.database, question);
  }
}
