import { describe, expect, test } from "vitest";
import { limitNames, limitRanges } from "../domain/limits.ts";
import { type LimitMaxima, scheduleRequest } from "./schedule-request.ts";

const widest: LimitMaxima = {
  ...{ timeout_seconds: 86_400, cpus: 64, memory_mb: 1_048_576, pids: 65_536, disk_mb: 1_048_576 },
  ...{ output_mb: 1_048_576, log_mb: 1_024, max_tokens: 100_000_000 },
};
const schema = scheduleRequest(widest);

/** The pointers of what is wrong with the body; none where it is right. */
function pointers(body: unknown, maxima: LimitMaxima = widest): string[] {
  const parsed = (maxima === widest ? schema : scheduleRequest(maxima)).safeParse(body);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    const names =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return names.map((path) => path.map((part) => `/${String(part)}`).join(""));
  });
}

const shell = (more: object = {}) => ({ kind: "shell", command: "true", ...more });
const many = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));
const pairs = (count: number) => Object.fromEntries(many(count, (index) => [`K${String(index)}`, "v"]));
const smile = "\u{1f600}";

describe("a request", () => {
  test("of a prompt alone gets every default", () => {
    expect(schema.parse({ prompt: "  do it \n" })).toEqual({
      prompt: "do it",
      files: [],
      env: {},
      secrets: {},
      network: "none",
      limits: Object.fromEntries(limitNames.map((name) => [name, limitRanges[name].default])),
      max_turns: 3,
      max_attempts: 3,
      metadata: {},
    });
  });

  test("once parsed is parsed to the same, also after a way through JSON", () => {
    const parsed = schema.parse({
      prompt: "x",
      steps: [shell({ name: "n" }), { kind: "write_file", path: "a", content: "\0\ud800" }],
      files: [{ path: "b", content: "nul \0" }],
      env: { A: "1" },
      metadata: { k: "v" },
      network: { allow: ["example.org:443"] },
    });
    expect(schema.parse(parsed)).toEqual(parsed);
    expect(schema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  test.each<[string, unknown, string[]]>([
    ["nothing", {}, ["/prompt"]],
    ["a prompt that is null", { prompt: null }, ["/prompt"]],
    ["no object", [], [""]],
    ["a mistyped field", { prompt: "x", limit: {} }, ["/limit"]],
    ["two unknown fields", { prompt: "x", a: 1, b: 2 }, ["/a", "/b"]],
    ["a mistyped limit", { prompt: "x", limits: { cpu: 1 } }, ["/limits/cpu"]],
    ["an unknown field of a step", { steps: [shell(), shell({ retries: 1 })] }, ["/steps/1/retries"]],
    [
      "an unknown field of a file",
      { prompt: "x", files: [{ path: "a", content: "", mode: 1 }] },
      ["/files/0/mode"],
    ],
    ["an unknown field of the network", { prompt: "x", network: { allow: [], deny: [] } }, ["/network/deny"]],
  ])("with %s is refused, and told where", (_, body, expected) => {
    expect(pointers(body)).toEqual(expected);
  });
});

describe("a prompt", () => {
  test("has 1 to 100,000 characters after trimming, counted as code points", () => {
    expect(pointers({ prompt: smile.repeat(100_000) })).toEqual([]);
    expect(pointers({ prompt: ` ${"x".repeat(100_000)} ` })).toEqual([]);
    expect(pointers({ prompt: smile.repeat(100_001) })).toEqual(["/prompt"]);
    expect(pointers({ prompt: "x".repeat(100_001) })).toEqual(["/prompt"]);
    for (const prompt of ["", " \t\n"]) expect(pointers({ prompt })).toEqual(["/prompt"]);
  });

  test("has neither NUL nor a lone surrogate", () => {
    expect(pointers({ prompt: "a\0" })).toEqual(["/prompt"]);
    expect(pointers({ prompt: "a\ud800" })).toEqual(["/prompt"]);
  });

  test("may be left out where there are steps, and is kept beside them", () => {
    expect(schema.parse({ steps: [shell()] }).prompt).toBeUndefined();
    expect(schema.parse({ steps: [shell()], prompt: "why" }).prompt).toBe("why");
    expect(pointers({ steps: [shell()], prompt: " " })).toEqual(["/prompt"]);
  });
});

describe("steps", () => {
  test("are 1 to 100", () => {
    expect(pointers({ steps: [] })).toEqual(["/steps"]);
    expect(pointers({ steps: many(100, () => shell()) })).toEqual([]);
    expect(pointers({ steps: many(101, () => shell()) })).toEqual(["/steps"]);
  });

  test.each<[object, string]>([
    [{ kind: "ruby", code: "1" }, "/steps/0/kind"],
    [{ command: "true" }, "/steps/0/kind"],
    [{ kind: "shell" }, "/steps/0/command"],
    [{ kind: "shell", command: "" }, "/steps/0/command"],
    [{ kind: "shell", command: "a\0b" }, "/steps/0/command"],
    [{ kind: "python", code: "\ud800" }, "/steps/0/code"],
    [{ kind: "python", code: "x".repeat(1_048_577) }, "/steps/0/code"],
    [{ kind: "write_file", path: "../a", content: "" }, "/steps/0/path"],
    [{ kind: "write_file", path: "/a", content: "" }, "/steps/0/path"],
    [{ kind: "write_file", path: "a", content: "no base64", encoding: "base64" }, "/steps/0/content"],
    [{ kind: "write_file", path: "a", content: "", encoding: "hex" }, "/steps/0/encoding"],
    [shell({ timeout_seconds: 0 }), "/steps/0/timeout_seconds"],
    [shell({ timeout_seconds: 86_401 }), "/steps/0/timeout_seconds"],
    [shell({ timeout_seconds: 1.5 }), "/steps/0/timeout_seconds"],
    [shell({ continue_on_error: "yes" }), "/steps/0/continue_on_error"],
    [shell({ name: "a\0" }), "/steps/0/name"],
  ])("%j is refused", (step, pointer) => {
    expect(pointers({ steps: [step] })).toEqual([pointer]);
  });

  test("may be a MiB of characters long, and file content may hold NUL", () => {
    expect(pointers({ steps: [shell({ command: smile.repeat(1_048_576) })] })).toEqual([]);
    const parsed = schema.parse({ steps: [{ kind: "write_file", path: "a", content: "a\0b" }] });
    expect(parsed.steps).toEqual([
      { kind: "write_file", path: "a", content: "YQBi", encoding: "base64", continue_on_error: false },
    ]);
  });
});

describe("files", () => {
  const file = (path: string, content = "", encoding = "utf8") => ({ path, content, encoding });
  const body = (...files: object[]) => ({ prompt: "x", files });

  test("are at most 50, with paths of their own", () => {
    expect(pointers(body(...many(50, (index) => file(String(index)))))).toEqual([]);
    expect(pointers(body(...many(51, (index) => file(String(index)))))).toEqual(["/files"]);
    expect(pointers(body(file("a"), file("b"), file("a")))).toEqual(["/files/2/path"]);
    expect(pointers(body(file("a/../b")))).toEqual(["/files/0/path"]);
  });

  test("have 10 MiB together, decoded", () => {
    const half = 5 * 1024 * 1024;
    expect(pointers(body(file("a", "x".repeat(half)), file("b", "y".repeat(half))))).toEqual([]);
    expect(pointers(body(file("a", "x".repeat(half)), file("b", "y".repeat(half + 1))))).toEqual(["/files"]);
    const encoded = Buffer.alloc(2 * half).toString("base64");
    expect(pointers(body(file("a", encoded, "base64")))).toEqual([]);
    expect(pointers(body(file("a", encoded, "base64"), file("b", "x")))).toEqual(["/files"]);
    expect(pointers(body(file("a", "ä".repeat(half)), file("b", "x")))).toEqual(["/files"]);
  });

  test.each(["YQ", "YQ=", "Y===", "YQ==\n", "YQ-_", "=", "YQ==YQ=="])("%j is no base64", (content) => {
    expect(pointers(body(file("a", content, "base64")))).toEqual(["/files/0/content"]);
  });

  test("keep any bytes, NUL and lone surrogates too", () => {
    const stored = schema.parse(
      body(file("a", "n\0"), file("b", "\ud800"), file("c", "plain"), file("d", "AA==", "base64")),
    );
    expect(
      stored.files.map(({ content, encoding }) => Buffer.from(content, encoding).toString("hex")),
    ).toEqual([...["6e00", "efbfbd", "706c61696e", "00"]]);
    expect(JSON.stringify(stored)).not.toContain("\\u0000");
  });
});

describe("env", () => {
  test.each([
    ["A", "1", true],
    ["_a9", "", true],
    ["A".repeat(128), "v", true],
    ["A".repeat(129), "v", false],
    ["", "v", false],
    ["9A", "v", false],
    ["A-B", "v", false],
    ["Ä", "v", false],
    ["LONGSHORE_X", "v", false],
    ["LONGSHORE", "v", true],
    ["A", "x".repeat(32_768), true],
    ["A", "ä".repeat(16_385), false],
    ["A", "n\0", false],
    ["A", "\udc00", false],
  ])("%s = %s: %s", (name, value, right) => {
    expect(pointers({ prompt: "x", env: { [name]: value } })).toEqual(right ? [] : [`/env/${name}`]);
  });

  test("has at most 64 names, with strings for values", () => {
    expect(pointers({ prompt: "x", env: pairs(64) })).toEqual([]);
    expect(pointers({ prompt: "x", env: pairs(65) })).toEqual(["/env"]);
    expect(pointers({ prompt: "x", env: { A: 1 } })).toEqual(["/env/A"]);
  });

  test("may have names that objects have themselves", () => {
    const body: unknown = JSON.parse('{"prompt":"x","env":{"constructor":"1","toString":"2"}}');
    expect(schema.parse(body).env).toEqual({ constructor: "1", toString: "2" });
  });
});

describe("metadata", () => {
  test.each([
    ["k".repeat(64), "v", true],
    [smile.repeat(64), "v", true],
    ["k".repeat(65), "v", false],
    ["", "v", false],
    ["k", "v".repeat(512), true],
    ["k", smile.repeat(512), true],
    ["k", "v".repeat(513), false],
    ["k\0", "v", false],
    ["k", "\ud800", false],
  ])("%s = %s: %s", (key, value, right) => {
    expect(pointers({ prompt: "x", metadata: { [key]: value } })).toEqual(right ? [] : [`/metadata/${key}`]);
  });

  test("has at most 16 pairs of strings", () => {
    expect(pointers({ prompt: "x", metadata: pairs(16) })).toEqual([]);
    expect(pointers({ prompt: "x", metadata: pairs(17) })).toEqual(["/metadata"]);
    expect(pointers({ prompt: "x", metadata: { k: null } })).toEqual(["/metadata/k"]);
  });
});

describe("limits and numbers", () => {
  test.each(limitNames)("%s goes from its minimum to its maximum", (name) => {
    const { min, max } = limitRanges[name];
    for (const value of [min, max]) expect(pointers({ prompt: "x", limits: { [name]: value } })).toEqual([]);
    for (const value of [min - 0.05, max + 1, "1", null, -1])
      expect(pointers({ prompt: "x", limits: { [name]: value } })).toEqual([`/limits/${name}`]);
  });

  test.each(limitNames)("%s stops at the server's own maximum, and so does its default", (name) => {
    const { min } = limitRanges[name];
    const maxima = { ...widest, [name]: min };
    expect(pointers({ prompt: "x", limits: { [name]: min + 1 } }, maxima)).toEqual([`/limits/${name}`]);
    expect(scheduleRequest(maxima).parse({ prompt: "x" }).limits[name]).toBe(min);
  });

  test("only cpus may be a fraction", () => {
    expect(pointers({ prompt: "x", limits: { cpus: 0.5 } })).toEqual([]);
    for (const name of limitNames.filter((each) => each !== "cpus"))
      expect(pointers({ prompt: "x", limits: { [name]: limitRanges[name].min + 0.5 } })).toEqual([
        `/limits/${name}`,
      ]);
  });

  test.each([
    ["max_turns", 20],
    ["max_attempts", 10],
  ])("%s goes from 1 to %i", (name, max) => {
    for (const value of [1, max]) expect(pointers({ prompt: "x", [name]: value })).toEqual([]);
    for (const value of [0, max + 1, 1.5, "2"])
      expect(pointers({ prompt: "x", [name]: value })).toEqual([`/${name}`]);
  });
});

describe("secrets", () => {
  test.each([
    ["TOKEN", "abcd", true],
    ["TOKEN", "abc", false],
    ["TOKEN", "  abc\n\tde  ", false],
    ["TOKEN", "abc\nabcd\n", true],
    ["TOKEN", "", false],
    ["TOKEN", "x".repeat(32_768), true],
    ["TOKEN", "x".repeat(32_769), false],
    ["TOKEN", "abcd\0", false],
    ["LONGSHORE_TOKEN", "abcd", false],
    ["9", "abcd", false],
  ])("case %#: a %s is taken or not by its length and its characters", (name, value, right) => {
    expect(pointers({ prompt: "x", secrets: { [name]: value } })).toEqual(right ? [] : [`/secrets/${name}`]);
  });

  test("are at most 64, with 64 KiB together, and none of them is in env as well", () => {
    const many = (count: number, length: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, "s".repeat(length)]));
    expect(pointers({ prompt: "x", secrets: many(64, 1_024) })).toEqual([]);
    expect(pointers({ prompt: "x", secrets: many(65, 4) })).toEqual(["/secrets"]);
    expect(pointers({ prompt: "x", secrets: many(33, 2_000) })).toEqual(["/secrets"]);
    expect(pointers({ prompt: "x", env: { A: "1", S1: "" }, secrets: many(2, 4) })).toEqual(["/secrets/S1"]);
  });
});
