// The <fallback-mount> of each mount: kept where it leads to another mount of the file and not back again.
import { readMountPath } from "../key.ts";
import type { Draft } from "./draft.ts";
import { none, type Rule } from "./elements.ts";
import type { Element } from "./xml-tree.ts";

const FALLBACK = "advanced.fallback";
const WHEN_FULL = "advanced.fallback_when_full";

export const FALLBACK_OVERRIDE: Rule = none(
  "listeners come back as soon as the mount has something to play, and only those who came from it",
);

/** To be called once all mounts are read: a fallback may stand before its mount. */
export function setFallbacks(elements: readonly Element[], draft: Draft): void {
  for (const element of elements) {
    const own = draft.mounts.find(
      ({ path }) => path === readMountPath(textIn(element, "mount-name")),
    );
    const fallback = element.children.find(({ name }) => name === "fallback-mount");
    if (fallback !== undefined) setFallback(fallback, own, draft);
    if (own === undefined || !/^(?:1|yes|true|on)$/i.test(textIn(element, "fallback-when-full")))
      continue;
    own.values.set(WHEN_FULL, true);
  }
}

function textIn({ children }: Element, name: string): string {
  return children.find((child) => child.name === name)?.text ?? "";
}

function setFallback(
  element: Element,
  own: Draft["mounts"][number] | undefined,
  draft: Draft,
): void {
  const to = draft.mounts.find(({ path }) => path === readMountPath(element.text));
  if (own === undefined) return draft.note(element, "fallbacks are for one mount at a time");
  if (to === undefined) return draft.note(element, "there is no <mount> of this name");
  if (leadsBack(to.path, own.path, draft))
    return draft.note(element, "it leads back to this mount");
  draft.set(own.values, FALLBACK, to.path, element);
}

function leadsBack(from: string, to: string, { mounts }: Draft): boolean {
  for (let path: unknown = from; path !== undefined;) {
    if (path === to) return true;
    path = mounts.find((mount) => mount.path === path)?.values.get(FALLBACK);
  }
  return false;
}
