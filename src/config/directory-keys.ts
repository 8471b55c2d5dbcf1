// The keys of directories of stations: the YP protocol, and the headers that radio-browser.info reads.
import { flag, key, readLine } from "./key.ts";

/** A text of one shape; empty for none. */
function shaped<const Scope extends "station" | "mount">(
  shape: RegExp,
  expected: string,
  about: { readonly description: string; readonly scope: Scope },
) {
  const read = (value: unknown) => {
    const line = readLine(value);
    return line !== null && (line === "" || shape.test(line)) ? line : null;
  };
  return key({ default: "", ...about }, { type: "string", expected, read });
}

const URL_SHAPE = /^https?:\/\/[^\s/]+\S*$/i;
const AN_ADDRESS = "an http:// or https:// address, or nothing";

/** For the whole station. */
export const ypKeys = {
  url: shaped(URL_SHAPE, AN_ADDRESS, {
    scope: "station",
    description:
      "Directory that lists the station, such as https://dir.xiph.org/cgi-bin/yp-cgi; empty for none.",
  }),
  listen_url: shaped(URL_SHAPE, AN_ADDRESS, {
    scope: "station",
    description:
      "Address of this server as the world reaches it, without a mount: http://radio.example:8000.",
  }),
};

/** For each mount. */
export const directoryKeys = {
  public: flag({
    default: false,
    scope: "mount",
    description: "List this mount in the directory of yp.url; icy-pub.",
  }),
  logo: shaped(URL_SHAPE, AN_ADDRESS, {
    scope: "mount",
    description: "Address of its picture, JPEG or PNG; icy-logo.",
  }),
  main_stream_url: shaped(URL_SHAPE, AN_ADDRESS, {
    scope: "mount",
    description:
      "Address of the stream that this mount is another quality of; icy-main-stream-url.",
  }),
  country: shaped(/^[A-Z]{2}$/, "two capital letters of ISO 3166-1, or nothing", {
    scope: "mount",
    description: "Its country, such as DE; icy-country-code.",
  }),
  subdivision: shaped(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, "a code of ISO 3166-2 like DE-BE, or nothing", {
    scope: "mount",
    description: "Its state or region; icy-country-subdivision-code.",
  }),
  languages: shaped(/^[a-z]{2,3}(,[a-z]{2,3}){0,15}$/, "codes of ISO 639 like de,en, or nothing", {
    scope: "mount",
    description: "What is spoken, separated by commas; icy-language-codes.",
  }),
  position: shaped(
    /^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$/,
    "latitude and longitude like 52.52,13.40, or nothing",
    { scope: "mount", description: "Where it is; icy-geo-lat-long." },
  ),
  index_metadata: flag({
    default: false,
    scope: "mount",
    description: "Let these headers replace what radio-browser.info has of it; icy-index-metadata.",
  }),
  do_not_index: flag({
    default: false,
    scope: "mount",
    description: "Ask radio-browser.info to leave it out; icy-do-not-index.",
  }),
};
