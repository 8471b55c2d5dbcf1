// The keys of what the page shows: the station's own look and links, and what it leaves out.
import { resolve } from "node:path";
import { readColour } from "../lib/colour.ts";
import { type About, flag, type Key, key, optionalPath, readLine, type ScopeOf } from "./key.ts";

const COLOUR = 'a colour like "#b4400f", or ""';

/** A colour; empty for the default. */
function colour<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => {
    if (typeof value !== "string") return null;
    return value === "" ? "" : readColour(value);
  };
  return key(about, { type: "string", expected: COLOUR, read });
}

/** A colour, or a picture's file; empty for the default. */
function colourOrPath<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const read = (value: unknown) => {
    const line = readLine(value);
    return line?.startsWith("#") === true ? readColour(line) : line;
  };
  const place = (value: string, folder: string) =>
    value === "" || value.startsWith("#") ? value : resolve(folder, value);
  const expected = 'a colour like "#f7f1e8", the name of a picture, or ""';
  return key(about, { type: "string", expected, read, place });
}

export const brandingKeys = {
  logo: optionalPath({
    default: "",
    description:
      "The station's logo: PNG, JPEG, WebP or SVG of at most 1 MB, relative to this file. Icons and home screens get it too.",
  }),
  accent: colour({
    default: "",
    description:
      'Colour of links and buttons, such as "#b4400f". Where letters in it would be hard to read, the nearest that holds is used.',
  }),
  accent_dark: colour({
    default: "",
    description: "The same while the reader's system is dark; empty derives it from accent.",
  }),
  background: colourOrPath({
    default: "",
    description:
      'Background of the page: a colour such as "#f7f1e8", or a JPEG, PNG or WebP of at most 4 MB, relative to this file.',
  }),
  background_dark: colour({
    default: "",
    description: "Its colour while the reader's system is dark; empty derives it from background.",
  }),
  css: optionalPath({
    default: "",
    description:
      "Style sheet of the station's own, of at most 256 kB, relative to this file. It is loaded last, and loads nothing from elsewhere.",
  }),
};

function readWebAddress(schemes: RegExp) {
  return (value: unknown) => {
    const line = readLine(value);
    if (line === null || !URL.canParse(line)) return null;
    const { protocol, href } = new URL(line);
    return schemes.test(protocol) ? href : null;
  };
}

/** The address of a page, without a slash at the end; empty for none. */
export function webAddress<const A extends About<string>>(about: A): Key<string, ScopeOf<A>> {
  const readAny = readWebAddress(/^https?:$/);
  const read = (value: unknown) => {
    if (value === "") return "";
    const found = readAny(value);
    return found === null || /[?#]/.test(found) ? null : found.replace(/\/+$/, "");
  };
  return key(about, {
    type: "string",
    expected: "an http:// or https:// address, or nothing",
    read,
  });
}

/** The label is its text. */
export const linkKeys = {
  url: key(
    { default: "", isRequired: true, description: "Where it leads." },
    {
      type: "string",
      expected: "an http://, https:// or mailto: address",
      read: readWebAddress(/^(?:https?|mailto):$/),
    },
  ),
};

const ORIGIN = /^(?:https?|[a-z][a-z\d+.-]*):\/\/[\w*.-]+(?::\d{1,5})?$/i;
const MAX_ORIGINS = 32;

function readOrigins(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > MAX_ORIGINS) return null;
  const origins = value.filter((item) => typeof item === "string" && ORIGIN.test(item));
  return origins.length === value.length ? [...new Set(origins as string[])] : null;
}

export const pageKeys = {
  show_listeners: flag({
    default: true,
    description: "Show how many listen. The API has the numbers in any case.",
  }),
  show_developer_links: flag({
    default: true,
    description: "Link to the API's documentation and to the status as JSON.",
  }),
  embed_on: key(
    {
      default: [] as readonly string[],
      description:
        "Sites whose pages may embed the player, such as https://example.org or https://*.example.org; empty for all.",
    },
    {
      type: "list",
      expected: `a list of at most ${MAX_ORIGINS} sites like "https://example.org"`,
      read: readOrigins,
    },
  ),
};
