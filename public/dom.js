// The small moves on elements that the page and the desk share; only ever text, never markup.

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Leaves equal text alone: a screen reader would read it again. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Each part in its own direction: an Arabic title must not turn round the English artist beside it.
 * @param {Element} element
 * @param {string[]} parts empty ones are left out
 */
export function setParts(element, parts) {
  const kept = parts.filter(Boolean);
  if (element.textContent === kept.join(" – ")) return;
  const isolated = kept.map((part) => {
    const own = document.createElement("bdi");
    own.textContent = part;
    return own;
  });
  element.replaceChildren(...isolated.flatMap((own, at) => (at === 0 ? [own] : [" – ", own])));
}
