import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planLiterally } from "./literal-planner.ts";

const step = (kind: string, source: string) =>
  kind === "python"
    ? { kind, code: source, continue_on_error: false }
    : { kind, command: source, continue_on_error: false };

test("blocks of all languages run in the prompt's order", () => {
  const prompt =
    "First\n```python\nopen('a','w').write('1')\n```\nthen\n```bash\ncat a\n```\nand\n```py\nprint(2)\n```\n";
  expect(planLiterally(prompt)).toEqual({
    ok: true,
    value: [
      step("python", "open('a','w').write('1')\n"),
      step("shell", "cat a\n"),
      step("python", "print(2)\n"),
    ],
  });
});

describe("a block is", () => {
  test.each([
    ["fenced by tildes", "~~~sh\necho 1\n~~~", "echo 1\n"],
    ["closed by a longer fence", "```sh\necho 1\n`````", "echo 1\n"],
    ["not closed by a shorter one", "````sh\n```\necho 1\n````", "```\necho 1\n"],
    ["not closed by the other mark", "```sh\n~~~\n```", "~~~\n"],
    ["not closed by a fence with words", "```sh\n``` sh\n```", "``` sh\n"],
    ["indented by up to three spaces", "   ```sh\n     echo 1\n  echo 2\n   ```", "  echo 1\necho 2\n"],
    ["named with more words", '```Bash title="x y"\necho 1\n```', "echo 1\n"],
    ["named with attributes", "```sh{1,3}\necho 1\n```", "echo 1\n"],
    ["run to the end where it is not closed", "```shell\necho 1\necho 2", "echo 1\necho 2\n"],
    ["free of carriage returns", "```sh\r\necho 1\r\n```\r\n", "echo 1\n"],
  ])("%s", (_, prompt, command) => {
    expect(planLiterally(prompt)).toEqual({ ok: true, value: [step("shell", command)] });
  });
});

describe("there is nothing to run in", () => {
  test.each([
    ["plain text", "Make me a report."],
    ["inline code", "Run ```sh echo 1``` now."],
    ["another language", "```json\n{}\n```"],
    ["a block without a language", "```\nls\n```"],
    ["an empty block", "```sh\n\n  \n```"],
    ["an indented code block", "    ```sh\n    ls\n    ```"],
  ])("%s", (_, prompt) => {
    expect(planLiterally(prompt)).toEqual({ ok: true, value: null });
  });
});

test("over 100 blocks are refused with the reason", () => {
  const result = planLiterally("```sh\nls\n```\n".repeat(101));
  expect(result).toEqual({ ok: false, failure: expect.stringContaining("no plan") });
});

test("a block over 1 MiB is refused with the reason", () => {
  expect(planLiterally(`\`\`\`sh\n${"x".repeat(1_048_577)}\n\`\`\``).ok).toBe(false);
});

const source = fc
  .array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 })
  .map((lines) => lines.join("\n").replace(/[\r\0]/g, ""))
  .filter((text) => text.trim() !== "" && text.isWellFormed());

const block = fc.record({
  language: fc.constantFrom("sh", "bash", "shell", "python", "py"),
  mark: fc.constantFrom("`", "~"),
  source,
});

test("any code comes out as it was put in, whatever it holds, when its fence is longer than any in it", () => {
  fc.assert(
    fc.property(
      fc.array(block, { minLength: 1, maxLength: 10 }),
      fc.string().filter((text) => !/[`~]/.test(text)),
      (blocks, prose) => {
        const prompt = blocks.map(({ language, mark, source: code }) => {
          const fence = mark.repeat(
            3 + Math.max(0, ...Array.from(code.matchAll(/`+|~+/g), ([run]) => run.length)),
          );
          return `${prose}\n${fence}${language}\n${code}\n${fence}\n`;
        });
        const expected = blocks.map(({ language, source: code }) =>
          step(language.startsWith("py") ? "python" : "shell", `${code}\n`),
        );
        expect(planLiterally(prompt.join(""))).toEqual({ ok: true, value: expected });
      },
    ),
  );
});

test("any text is planned or refused", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("`", "~", "\n", "sh", " ", "x") }),
      (text) => typeof planLiterally(text).ok === "boolean",
    ),
  );
});
