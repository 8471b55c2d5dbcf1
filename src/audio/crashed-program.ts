// The program ffmpeg, ended by a signal: for want of memory, or by a defect of its own.

/** What it made is not whole, and the file may be sound. */
export class CrashedProgramError extends Error {
  override readonly name = "CrashedProgramError";
}
