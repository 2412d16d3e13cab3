import { expect, test } from "vitest";
import { readNotTaken } from "./read-not-taken.ts";

test("a manifest names what was not taken, by its path in the workspace", () => {
  const left = [
    { path: "outputs/pipe", reason: "it is a FIFO", raw_path_base64: "cGlwZQ==" },
    { path: "outputs/deep/secret", reason: "it cannot be read by the job's own user" },
  ];
  expect(readNotTaken(JSON.stringify({ files: [], not_taken: left }))).toEqual([
    { path: "pipe", reason: "it is a FIFO" },
    { path: "deep/secret", reason: "it cannot be read by the job's own user" },
  ]);
  expect(readNotTaken('{"files":[],"not_taken":[]}')).toEqual([]);
});

test.each(["", "null", "[]", "{}", '{"not_taken":{}}', "<script>"])("%j is no manifest", (text) => {
  expect(readNotTaken(text)).toBeNull();
});

test("of what is no entry of a manifest nothing is told", () => {
  expect(readNotTaken('{"not_taken":[null,1,{},{"path":1,"reason":"x"},{"path":"x"}]}')).toEqual([]);
});
