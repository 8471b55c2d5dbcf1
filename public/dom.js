// DOM helpers for the page and the desk. They write text, never markup, so nothing a source sends becomes HTML.

/**
 * The first match. Throws if there is none of that type.
 * @template {Element} E
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => E} type
 * @returns {E}
 */
export function find(parent, selector, type) {
  const element = parent.querySelector(selector);
  if (element instanceof type) return element;
  throw new Error(`no ${type.name} matches ${selector}`);
}

/** @param {string} id */
export function byId(id) {
  return find(document, `#${id}`, HTMLElement);
}

/** @param {string} id */
export function inputById(id) {
  return find(document, `#${id}`, HTMLInputElement);
}

/** A copy of a template's element. @param {string} id */
export function fromTemplate(id) {
  const { content } = find(document, `#${id}`, HTMLTemplateElement);
  return find(document.importNode(content, true), "*", HTMLElement);
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [text]
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className !== "") element.className = className;
  return element;
}

/** Skips equal text, which a screen reader would read out again. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Skips equal values: an image would load again. @param {Element} element @param {string} name @param {string} value */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Isolates each part's direction: an Arabic title must not reverse the English artist beside it.
 * @param {Element} element
 * @param {string[]} parts empty ones are left out
 */
export function setParts(element, parts) {
  const kept = parts.filter(Boolean);
  if (element.textContent === kept.join(" – ")) return;
  const isolated = kept.map((part) => make("bdi", part));
  element.replaceChildren(...isolated.flatMap((bdi, at) => (at === 0 ? [bdi] : [" – ", bdi])));
}
