// The documentation of Icecast's admin commands.
import type { Station } from "../../station/station.ts";
import { commandAnswer, member, memberList } from "../../stats/admin-xml.ts";
import { htmlPage } from "../../stats/html-page.ts";
import { branch, leaf, xmlDocument } from "../../stats/xml.ts";
import { type Answers, NOT_ADMITTED, operation, query, refused, text } from "../operation.ts";
import { successPage } from "../reply.ts";
import { type COMMANDS, type LISTS, NO_ACCOUNTS } from "./admin-commands.ts";

type Name = keyof typeof COMMANDS | keyof typeof LISTS;

interface Described {
  readonly summary: string;
  /** Required parameters. */
  readonly needs: readonly ParameterName[];
  readonly answers: Answers;
}

const MEMBER = { number: 7, address: "192.0.2.7", userAgent: "VLC", connectedSeconds: 12 };

const ONE_MOUNT = [leaf("listeners", 1), leaf("content-type", "audio/mpeg")];

/** Facts in XML; with `.xsl` they are a page. */
function facts(root: Parameters<typeof xmlDocument>[0]): Answers {
  return { 200: text("Icecast's own answer", "text/xml", xmlDocument(root)) };
}

function done(sentence: string): Answers {
  return facts(commandAnswer(sentence, true));
}

function page(description: string, example: string): Answers {
  return { 200: text(description, "text/html", example) };
}

const MISSING: Answers = {
  400: refused("A parameter is missing, or names nothing that is there", "Source does not exist"),
};

const A_MOUNT = facts(branch("icestats", [branch("source", ONE_MOUNT, { mount: "/stream" })]));
const LIST: Answers = { 200: text("A line for each", "text/plain", "/stream\r\n") };

const DESCRIBED: Readonly<Record<Name, Described>> = {
  stats: {
    summary: "All statistics, of one mount or of all",
    needs: [],
    answers: { ...A_MOUNT, ...MISSING },
  },
  listmounts: { summary: "Mounts on air", needs: [], answers: A_MOUNT },
  listclients: {
    summary: "Listeners of a mount",
    needs: ["mount"],
    answers: { ...facts(memberList("/stream", [member(MEMBER)])), ...MISSING },
  },
  killclient: {
    summary: "Kick a listener",
    needs: ["mount", "id"],
    answers: { ...done("Client 7 removed"), ...MISSING },
  },
  killsource: {
    summary: "Kick a live source",
    needs: ["mount"],
    answers: { ...done("Source Removed"), ...MISSING },
  },
  moveclients: {
    summary: "Move all listeners to another mount",
    needs: ["mount", "destination"],
    answers: { ...done("Clients moved from /stream to /other"), ...MISSING },
  },
  fallbacks: {
    summary: "Fallback mount for listeners when nothing is on air",
    needs: ["mount", "fallback"],
    answers: { ...page("Done", successPage("Fallback configured")), ...MISSING },
  },
  updatemetadata: {
    summary: "A form for the title of a live show",
    needs: ["mount"],
    answers: { ...page("A form", htmlPage("Update the title", "<form></form>\n")), ...MISSING },
  },
  manageauth: {
    summary: "Listener accounts (always empty)",
    needs: [],
    answers: {
      501: refused("Everybody may listen", NO_ACCOUNTS),
    },
  },
  "stats.xml": {
    summary: "The same as /admin/stats",
    needs: [],
    answers: { ...A_MOUNT, ...MISSING },
  },
  streamlist: { summary: "Paths of the mounts on air", needs: [], answers: LIST },
  "streamlist.txt": { summary: "The same, for relays", needs: [], answers: LIST },
  streams: { summary: "The same, for relays of Icecast-KH", needs: [], answers: LIST },
};

/** Parameters, with examples that are valid on this station. */
function parametersOf(station: Station) {
  const { path } = station.first.mount;
  const other = station.all[1]?.mount.path ?? path;
  const needed = (name: string, description: string, example: string) =>
    query(name, description, example, { required: true });
  return {
    mount: needed("mount", "The path of a mount", path),
    id: needed("id", "A listener's number, as in listclients", "1"),
    destination: needed("destination", "The path of the mount they go to", other),
    fallback: needed("fallback", "The path of the mount they go to; its own: none", other),
    username: needed("username", "The user name that the link is to hold", "somebody"),
    password: needed("password", "The password that the link is to hold", "secret"),
  };
}

type ParameterName = keyof ReturnType<typeof parametersOf>;

/** As a page: only XML answers look different. */
function asPages(answers: Answers): Answers {
  const answer = answers[200];
  if (answer?.content?.["text/xml"] === undefined) return answers;
  return {
    ...answers,
    ...page("The same facts, to be read", htmlPage("stats", "<table></table>\n")),
  };
}

function answersOneMount(name: Name): boolean {
  return name === "stats" || name === "stats.xml";
}

export function adminOperation(name: Name, form: "plain" | "page", station: Station) {
  const { summary, needs, answers } = DESCRIBED[name];
  const all = parametersOf(station);
  const parameters = needs.map((need) => all[need]);
  const only = query("mount", "The path of the one mount that is asked for", all.mount.example);
  return operation({
    tag: "admin",
    summary: form === "page" ? `${summary} (page)` : summary,
    parameters: answersOneMount(name) ? [only] : parameters,
    allows: ["admin", "token"],
    answers: { ...(form === "page" ? asPages(answers) : answers), ...NOT_ADMITTED },
  });
}

export function m3uOperation(station: Station) {
  const { mount, username, password } = parametersOf(station);
  const link = "http://somebody:secret@radio.example:8000/stream\r\n";
  return operation({
    tag: "admin",
    summary: "A playlist file with the client's credentials",
    description: "Needs no login, as it reveals nothing. Disabled together with the commands.",
    parameters: [mount, username, password],
    answers: {
      200: text("The file", "audio/x-mpegurl", link),
      ...MISSING,
      403: text("The commands are off: server.admin_password is empty", "text/plain", ""),
    },
  });
}
