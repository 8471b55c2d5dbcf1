// Patterns with * for any text and ? for any character, matched without a regular expression: the time is at most the
// product of both lengths, whatever the text.

/** Compares a whole text; upper and lower case count alike if both are given in lower case. */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let [star, resume] = [-1, 0];
  while (from < text.length) {
    if (pattern[at] === "*") {
      [star, resume] = [at++, from];
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      // The last * takes one character more.
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
