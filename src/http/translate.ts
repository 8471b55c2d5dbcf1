// Puts the texts of a language into the listener's page. In public/index.html, data-t names the text of an element, and
// data-t-ATTRIBUTE that of an attribute.
import { type Language, type Texts, textOf } from "./language.ts";

const ATTRIBUTES = ["aria-label", "content", "placeholder"] as const;

/** Where the page's scripts find the texts, so that they need no request for them. */
const SCRIPT = "messages";

/** The texts as the content of a script element, which "</script" or "<!--" in one of them would end. */
function asScript(texts: Texts): string {
  return JSON.stringify(texts).replaceAll("<", "\\u003c");
}

function fill(rewriter: HTMLRewriter, texts: Texts): HTMLRewriter {
  const named = (element: HTMLRewriterTypes.Element, name: string) => {
    const key = element.getAttribute(name) ?? "";
    element.removeAttribute(name);
    return textOf(texts, key);
  };
  for (const name of ATTRIBUTES) {
    const from = `data-t-${name}`;
    rewriter.on(`[${from}]`, {
      element: (element) => void element.setAttribute(name, named(element, from)),
    });
  }
  return rewriter.on("[data-t]", {
    element: (element) => void element.setInnerContent(named(element, "data-t")),
  });
}

/** For the parser, what is inside of noscript is text. */
function fillNoScript(rewriter: HTMLRewriter, texts: Texts): HTMLRewriter {
  let markup = "";
  return rewriter.on("noscript", {
    text(chunk) {
      markup += chunk.text;
      if (!chunk.lastInTextNode) return void chunk.remove();
      chunk.replace(fill(new HTMLRewriter(), texts).transform(markup), { html: true });
      markup = "";
    },
  });
}

/** The page in a language. Throws if it names a text that the language does not have. */
export function translate(html: string, language: Language, texts: Texts): string {
  const rewriter = new HTMLRewriter()
    .on("html", { element: (element) => void element.setAttribute("lang", language) })
    .on(`script#${SCRIPT}`, {
      element: (element) => void element.setInnerContent(asScript(texts), { html: true }),
    });
  return fillNoScript(fill(rewriter, texts), texts).transform(html);
}
