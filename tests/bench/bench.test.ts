// The bench itself: it measures every server it has, loses nothing, and draws. Its figures are no test's business.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";
import { picture } from "./picture.ts";
import { markdownTable } from "./table.ts";

const servers = ["Cycast, listen port", "Cycast, source port", "bare C, same sends"];
if (requireProgram("icecast2") !== null) servers.push("Icecast 2");

test("the short bench measures every server with every listener, and draws the curves", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "curves.svg");
  const command = [
    process.execPath,
    join(import.meta.dir, "bench.ts"),
    "--quick",
    "--picture",
    file,
  ];
  const bench = Bun.spawn(command, { stdio: ["ignore", "pipe", "inherit"] });
  const told = await bench.stdout.text();
  expect(await bench.exited).toBe(0);
  const drawn = await Bun.file(file).text();
  for (const server of servers) {
    const rows = told.split("\n").filter((line) => line.startsWith(`| ${server} `));
    expect(rows.length, server).toBe(2);
    expect(rows[0], server).toContain("| 20 of 20 ");
    expect(rows[1], server).toContain("| 100 of 100 ");
    expect(drawn).toContain(`>${server}<`);
  }
}, 120_000);

test("a table leaves out the columns that nobody has a figure for", () => {
  const rows = [
    ["a", null, 1],
    ["b", null, null],
  ];
  expect(markdownTable(["name", "empty", "one"], rows)).toBe(
    "| name | one |\n| ---  | --- |\n| a    | 1   |\n| b    | –   |",
  );
});

test("a picture has a line and a dot a point for each curve, and no panel without any", () => {
  const curve = { name: "a <b>", points: [[1, 2] as const, [10, 4] as const] };
  const panels = [
    { title: "full", across: "listeners", curves: [curve] },
    { title: "empty", across: "mounts", curves: [{ name: "c", points: [] }] },
  ];
  const drawn = picture(panels);
  expect(drawn.match(/class="curve"/g)?.length).toBe(1);
  expect(drawn.match(/<circle/g)?.length).toBe(2);
  expect(drawn).toContain("a &lt;b>");
  expect(drawn).not.toContain("empty");
});
