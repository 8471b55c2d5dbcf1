// The keys of the log.
import { LOG_FORMATS } from "../lib/log-line.ts";
import { LEVELS } from "../lib/log-tail.ts";
import { choice, optionalPath } from "./key.ts";

export const logKeys = {
  format: choice({
    choices: LOG_FORMATS,
    default: "text",
    description: "A line as text for people, or as a JSON object for programs that collect logs.",
  }),
  level: choice({
    choices: LEVELS,
    default: "info",
    description: "The least important lines that are logged.",
  }),
  file: optionalPath({
    default: "",
    description:
      "File for the log, relative to this file; SIGUSR1 reopens it. If empty, it goes to standard error.",
  }),
} as const;
