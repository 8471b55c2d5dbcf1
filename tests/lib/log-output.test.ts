// Where lines go: to a file, and to standard error as long as the file cannot be written.
import { expect, test } from "bun:test";
import { LineFile } from "../../src/lib/line-file.ts";
import { LogOutput } from "../../src/lib/log-output.ts";

/** A file and standard error, both of which keep what they take. */
function outputs() {
  const at = { file: "", stderr: "", error: null as Error | null, troubles: [] as string[] };
  const output = new LogOutput((bytes) => {
    at.stderr += Buffer.from(bytes).toString();
    return bytes.length;
  });
  const file = new LineFile(
    "/log",
    { repeated: (text) => at.troubles.push(text) },
    async (_, bytes) => {
      if (at.error !== null) throw at.error;
      at.file += Buffer.from(bytes).toString();
      return bytes.length;
    },
    { key: "log.file", periodMs: 1 },
  );
  return { at, output, file };
}

test("without a file lines go to standard error", () => {
  const { at, output } = outputs();
  output.write("a");
  expect(at.stderr).toBe("a\n");
});

test("with a file they go there alone, and the last ones too when another takes over", async () => {
  const { at, output, file } = outputs();
  await output.use(file);
  output.write("a");
  await output.use(null);
  output.write("b");
  expect([at.file, at.stderr]).toEqual(["a\n", "b\n"]);
});

test("a file that cannot be written costs no line, and says which setting names it", async () => {
  const { at, output, file } = outputs();
  at.error = Object.assign(new Error("full"), { code: "ENOSPC" });
  await output.use(file);
  output.write("a");
  await output.reopen();
  expect([at.file, at.stderr]).toEqual(["", "a\n"]);
  expect(at.troubles[0]).toBe("cannot write /log (ENOSPC): check log.file");
  at.error = null;
  await output.reopen();
  output.write("b");
  await output.reopen();
  expect([at.file, at.stderr]).toEqual(["a\nb\n", "a\n"]);
});
