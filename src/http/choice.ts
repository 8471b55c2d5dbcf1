// A schema of one of several words, which the OpenAPI document shows as an enum.
import { t } from "elysia";

interface About {
  readonly description?: string;
  readonly title?: string;
}

export function choice<const Word extends string>(words: readonly Word[], about: About = {}) {
  return t.Unsafe<Word>(
    t.Union(
      words.map((word) => t.Literal(word)),
      about,
    ),
  );
}
