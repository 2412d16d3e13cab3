import { describe, expect, test } from "vitest";
import { mostPrinted, readNotebook } from "./read-notebook.ts";

const notebook = (...cells: readonly unknown[]) =>
  JSON.stringify({ nbformat: 4, metadata: { language_info: { name: "python" } }, cells });
const code = (...outputs: readonly unknown[]) => ({
  ...{ cell_type: "code", execution_count: 3, source: ["a = 1\n", "a"], outputs },
});
const outputsOf = (...outputs: readonly unknown[]) =>
  readNotebook(notebook(code(...outputs)))?.cells[0]?.outputs;

describe("a notebook", () => {
  test("has its cells, whose text may be lines", () => {
    expect(readNotebook(notebook({ cell_type: "markdown", source: "# Hi" }, code()))).toEqual({
      ...{ language: "python", hiddenCells: 0 },
      cells: [
        { kind: "markdown", text: "# Hi", count: null, outputs: [] },
        { kind: "code", text: "a = 1\na", count: 3, outputs: [] },
      ],
    });
  });

  test.each(["", "[]", "{}", '{"cells":1}', "<html>"])("is not %j", (text) => {
    expect(readNotebook(text)).toBeNull();
  });

  test("leaves out what is no cell, and fails for nothing of it", () => {
    expect(readNotebook(notebook(null, 1, { cell_type: "widget" }, { cell_type: "code" }))?.cells).toEqual([
      { kind: "code", text: "", count: null, outputs: [] },
    ]);
  });

  test("of many cells is shown to a limit", () => {
    const many = Array.from({ length: 600 }, () => ({ cell_type: "raw", source: "" }));
    expect(readNotebook(notebook(...many))).toMatchObject({ hiddenCells: 100 });
  });
});

describe("the outputs of a cell", () => {
  test("are what it printed, and its error", () => {
    expect(
      outputsOf(
        { output_type: "stream", name: "stderr", text: ["a\n", "b"] },
        { output_type: "error", ename: "ValueError", evalue: "no", traceback: [] },
      ),
    ).toEqual([
      { kind: "text", text: "a\nb", isError: true },
      { kind: "text", text: "ValueError: no", isError: true },
    ]);
  });

  test("that are long are shown to a limit, and it is told", () => {
    const text = `${"x".repeat(mostPrinted)}yyy`;
    const shown = `${"x".repeat(mostPrinted)}\n… 3 more characters are in the download.`;
    const outputs = outputsOf(
      { output_type: "stream", name: "stdout", text },
      { output_type: "error", traceback: [text] },
      { output_type: "execute_result", data: { "text/plain": text } },
    );
    expect(outputs?.map((output) => output.kind === "text" && output.text === shown)).toEqual([
      ...[true, true, true],
    ]);
  });

  test("are pictures where there are any", () => {
    const data = { "text/html": "<b>", "text/plain": "<Figure>", "image/png": "iVBO\nRw0K" };
    expect(outputsOf({ output_type: "display_data", data })).toEqual([
      { kind: "image", mediaType: "image/png", base64: "iVBORw0K" },
    ]);
  });

  test("that are HTML or script are named, and shown as their text alone", () => {
    const data = { "text/html": "<script>alert(1)</script>", "text/plain": "a table" };
    expect(outputsOf({ output_type: "execute_result", data })).toEqual([
      { kind: "text", text: "a table", isError: false },
      { kind: "left", mediaTypes: ["text/html"] },
    ]);
    const script = { "application/javascript": "alert(1)" };
    expect(outputsOf({ output_type: "display_data", data: script })).toEqual([
      { kind: "left", mediaTypes: ["application/javascript"] },
    ]);
  });
});
