// The documentation of titles sent beside the audio, the Icecast way and the SHOUTcast way.
import type { Station } from "../../station/station.ts";
import { commandAnswer } from "../../stats/admin-xml.ts";
import { htmlPage } from "../../stats/html-page.ts";
import { branch, leaf, xmlDocument } from "../../stats/xml.ts";
import { CHOICE } from "../mount-choice.ts";
import { either, NOT_ADMITTED, operation, query, refused, text } from "../operation.ts";
import { successPage, UPDATED } from "../reply.ts";

const TITLE = [
  query("song", "The artist and the title in one", "An Artist - A Title"),
  query("title", "The title alone, where there is no song"),
  query("artist", "Whose title it is"),
  query("charset", "Of the fields; UTF-8 is known without"),
];

/** See MAX_TEXT_LENGTH in text.ts and MAX_TITLE_BYTES in ring.ts. */
const CUT =
  " Artist and title keep their first 1000 characters each; ICY carries at most 4080 bytes.";

const PASS = query("pass", "The password, for programs that send no header");

/** A posted form may hold any field of the query. */
const TOO_LONG = { 413: refused("The form is longer than 64 KiB", "The form is too long") };

const MODE = { type: "string" as const, enum: ["updinfo"] };

export function metadataOperation(
  method: "get" | "post",
  form: "plain" | "page",
  station: Station,
) {
  const { path } = station.first.mount;
  const where = [
    query("mode", "What to do", "updinfo", { required: true, schema: MODE }),
    query("mount", "The path of the mount", path, { required: true }),
  ];
  const xml = xmlDocument(commandAnswer(UPDATED, true));
  const done =
    form === "page"
      ? text("The same as a page", "text/html", htmlPage("metadata", "<table></table>\n"))
      : text("Icecast's own answer", "text/xml", xml);
  return operation({
    tag: "icecast",
    summary: `Set the title of a live show${form === "page" ? " (page)" : ""}`,
    description:
      "As encoders do it, with the mount's source credentials or the admin's. " +
      "A title that comes before its source is kept for it for a minute." +
      CUT,
    parameters: method === "post" ? where : [...where, ...TITLE, PASS],
    ...(method === "post" && { form: [...TITLE, PASS] }),
    allows: ["source", "admin", "token"],
    answers: {
      200: done,
      400: refused("A parameter is missing, or names nothing", "Source does not exist"),
      ...NOT_ADMITTED,
      ...(method === "post" && TOO_LONG),
    },
  });
}

const MODES = { type: "string" as const, enum: ["updinfo", "viewxml", "kicksrc"] };

const PAGE = query("page", "Of viewxml: 1 statistics, 3 listeners, 4 titles, else all");

export function shoutcastAdminOperation(method: "get" | "post") {
  const where = [
    query("mode", "What to do", "viewxml", { required: true, schema: MODES }),
    ...CHOICE,
    PAGE,
  ];
  const statistics = xmlDocument(branch("SHOUTCASTSERVER", [leaf("CURRENTLISTENERS", 1)]));
  return operation({
    tag: "shoutcast",
    summary: "SHOUTcast's commands: set a title, view a stream, kick its source",
    description:
      "`updinfo` takes the source's password or the admin's account, `viewxml` and `kicksrc` the " +
      "admin's alone; each by `pass` too." +
      CUT,
    parameters: method === "post" ? where : [...where, ...TITLE, PASS],
    ...(method === "post" && { form: [...TITLE, PASS] }),
    allows: ["admin", "source", "token"],
    answers: {
      200: either(
        text("The answer to viewxml", "text/xml", statistics),
        text("The answer to the other modes", "text/html", successPage(UPDATED)),
      ),
      400: refused("No such mode or stream, or updinfo without a password", "No such action"),
      ...NOT_ADMITTED,
      ...(method === "post" && TOO_LONG),
    },
  });
}
