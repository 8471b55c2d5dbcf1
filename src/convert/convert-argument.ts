// The word on the command line that makes the packaged program the converter's child process.

/** main then runs convert-child.ts. From source that file is the program. */
export const CONVERT_ARGUMENT = "convert";
