// A directory that answers as dir.xiph.org does: forms in, headers out, a body that says nothing.
import type { HookAnswer, HookRequest } from "../../src/hooks/request.ts";

const REFUSED_NAMES = ["Unspecified name", "This is my server name", "Stream Name", "-"];

export class StandIn {
  /** The listed streams by sid. */
  readonly listed = new Map<string, { listenUrl: string; title: string; listeners: string }>();
  readonly asked: URLSearchParams[] = [];
  touchFreq = "200";
  #sids = 0;

  answer(body: string): Record<string, string> {
    const form = new URLSearchParams(body);
    this.asked.push(form);
    const action = form.get("action");
    if (action === "add") return this.#add(form);
    const sid = form.get("sid") ?? "";
    const entry = this.listed.get(sid);
    if (entry === undefined) return refused("SID does not exist");
    if (action === "remove") this.listed.delete(sid);
    else {
      entry.title = form.get("st") ?? "";
      entry.listeners = form.get("listeners") ?? "";
    }
    return { ypresponse: "1", ypmessage: "OK", sid, touchfreq: this.touchFreq };
  }

  #add(form: URLSearchParams): Record<string, string> {
    const [name, type, genre, listenUrl] = ["sn", "type", "genre", "listenurl"].map(
      (field) => form.get(field) ?? "",
    );
    if (!name || !type || !genre || !listenUrl) return refused("Not enough arguments");
    if (REFUSED_NAMES.includes(name)) return refused("Please change your server name");
    if (!URL.canParse(listenUrl)) return refused("listenurl is not an URL");
    const isKnown = [...this.listed.values()].some((one) => one.listenUrl === listenUrl);
    if (isKnown) return refused("Server is already listed");
    const sid = `sid-${++this.#sids}`;
    this.listed.set(sid, { listenUrl, title: "", listeners: "0" });
    return { ypresponse: "1", ypmessage: "Successfully added", sid, touchfreq: this.touchFreq };
  }

  get actions(): (string | null)[] {
    return this.asked.map((form) => form.get("action"));
  }

  /** As a way to send, without a network. */
  readonly send = ({ body = "" }: HookRequest): Promise<HookAnswer> =>
    Promise.resolve({ status: 200, headers: new Headers(this.answer(body)) });
}

function refused(message: string): Record<string, string> {
  return { ypresponse: "0", ypmessage: message };
}
