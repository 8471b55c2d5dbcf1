// Text that strangers send must stay text in every document it stands in.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { branch, escapeXml, leaf, writeXml, xmlDocument } from "../../src/stats/xml.ts";

test.each([
  [`<a href="x">'&'</a>`, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"],
  ["&amp;", "&amp;amp;"],
  ["a\u0000b\u0008c\u001bd\u{fffe}e", "abcde"],
  ["\ud800x", "\ufffdx"],
  ["tab\tline\n", "tab\tline\n"],
  ["Радио ☃ 🎵", "Радио ☃ 🎵"],
])("%j is written as %j", (text, wanted) => {
  expect(escapeXml(text)).toBe(wanted);
});

test("an element that holds nothing closes itself", () => {
  const elements = [leaf("a", ""), leaf("a", 0), leaf("a", "\u0000"), branch("b", [])];
  expect(elements.map(writeXml)).toEqual(["<a/>", "<a>0</a>", "<a/>", "<b/>"]);
});

test("a document has a line break after its declaration and at its end", () => {
  const root = branch("a", [leaf("b", "<")], { mount: '"&' });
  expect(xmlDocument(root)).toBe('<?xml version="1.0"?>\n<a mount="&quot;&amp;"><b>&lt;</b></a>\n');
});

test("nothing that is escaped ends an element, a quote or a document", () => {
  const hostile = fc.stringMatching(/^[<>&"'\x00-\x08a]*$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), hostile), (text) =>
      /^(?:[^<>"'&\x00-\x08]|&(?:amp|lt|gt|quot|#39);)*$/.test(escapeXml(text)),
    ),
  );
});
