// A recorded file whose folder is deleted under it, on a real disk: the system goes on taking what is written to it.
import { expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { performFileCall } from "../../src/disk/file-calls.ts";
import { PartFile } from "../../src/recording/part-file.ts";
import { scratch } from "../support/station.ts";

test("it is noticed while the recording goes on, not when it ends", async () => {
  await using folder = await scratch();
  const news: string[] = [];
  const file = new PartFile(
    async (call) => performFileCall(call, new Uint8Array(0)),
    join(folder.path, "shows", "a"),
    ".mp3",
    {
      onState: (code) => void news.push(`state ${code}`),
      onGone: () => void news.push("gone"),
      onDone: () => void news.push("done"),
    },
  );
  const work = async (nowMs: number) => {
    file.take(new Uint8Array(100));
    await file.work(nowMs);
  };
  await work(20_000);
  await rm(join(folder.path, "shows"), { recursive: true });
  await work(21_000);
  await work(40_000);
  expect(news).toEqual(["state null", "state null", "gone"]);
  expect(file.isOver).toBe(true);
});
