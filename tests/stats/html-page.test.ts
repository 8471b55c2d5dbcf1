// Facts as a page: everything is in it, in an order that can be read, and nothing that others wrote is HTML.
import { expect, test } from "bun:test";
import { elementPieces, htmlPage, renderForm } from "../../src/stats/html-page.ts";
import { branch, type Element, leaf } from "../../src/stats/xml.ts";

const HOSTILE = `"><script>alert('1')</script>&`;

function renderElement(title: string, element: Element): string {
  return htmlPage(title, [...elementPieces(title, element)].join(""));
}

/** What stands between the body's tags. */
function bodyOf(page: string): string {
  return page.slice(page.indexOf("<body>") + "<body>\n".length, page.indexOf("</body>"));
}

test("leaves are rows, elements without a name of their own one list, the others sections", () => {
  const member = (ip: string, id: number) => branch("listener", [leaf("IP", ip), leaf("ID", id)]);
  const source = branch("source", [leaf("Listeners", 2), member("::1", 1), member("::2", 2)], {
    mount: "/stream",
  });
  const page = renderElement("listclients", branch("icestats", [leaf("server", "here"), source]));
  expect(bodyOf(page)).toBe(
    "<h1>listclients</h1>\n" +
      "<table>\n<tr><th>server</th><td>here</td></tr>\n</table>\n" +
      "<h2>source /stream</h2>\n" +
      "<table>\n<tr><th>Listeners</th><td>2</td></tr>\n</table>\n" +
      "<table>\n<tr><th>IP</th><th>ID</th></tr>\n<tr><td>::1</td><td>1</td></tr>\n" +
      "<tr><td>::2</td><td>2</td></tr>\n</table>\n",
  );
});

test("an element that holds nothing is its title", () => {
  expect(bodyOf(renderElement("listmounts", branch("icestats", [])))).toBe("<h1>listmounts</h1>\n");
  expect(bodyOf(renderElement("x", branch("a", [leaf("b", "")])))).toContain("<th>b</th><td></td>");
});

test("nothing that somebody sends is HTML, wherever it stands", () => {
  const inner = branch("listener", [leaf("UserAgent", HOSTILE)]);
  const root = branch("icestats", [
    leaf("title", HOSTILE),
    branch("source", [inner], { mount: HOSTILE }),
  ]);
  const form = renderForm(HOSTILE, HOSTILE, [HOSTILE], { mount: HOSTILE });
  for (const page of [renderElement(HOSTILE, root), form, htmlPage(HOSTILE, "")]) {
    expect(page).not.toContain("<script");
    expect(page).not.toContain(`""`);
    expect(page).toContain("&lt;script&gt;");
  }
});

test("a form sends what is given along with what is written", () => {
  const page = renderForm("Title", "/admin/x", ["song"], { mount: "/a" });
  expect(bodyOf(page)).toBe(
    '<h1>Title</h1>\n<form method="post" action="/admin/x">\n' +
      '<input type="hidden" name="mount" value="/a"/>\n' +
      '<label>song <input name="song" maxlength="1000"/></label>\n' +
      "<button>Send</button>\n</form>\n",
  );
});
