import { describe, expect, test } from "vitest";
import { leftOut, writeCommand, writeCurl } from "./write-request.ts";

const url = "http://localhost:8000";
const wordsOf = (request: Parameters<typeof writeCommand>[1]) =>
  writeCommand(url, request)
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/ \\$/, "").trim());

describe("the same job for the command line", () => {
  test("has hosts in quotes, so that no shell looks for files of their names", () => {
    const network = { allow: ["pypi.org", "*.pythonhosted.org"] };
    expect(wordsOf({ prompt: "install", network })).toEqual([
      ...["longshore run", "install", "--network 'pypi.org,*.pythonhosted.org'"],
    ]);
  });

  test("has a prompt that looks like an option at the end, where it is none", () => {
    expect(wordsOf({ prompt: "--help me\nit's late", network: "full" })).toEqual([
      ...["longshore run", "--network full", "-- '--help me", String.raw`it'\''s late'`],
    ]);
  });

  test("goes in whole where its prompt is a dash, which stands for stdin", () => {
    expect(wordsOf({ prompt: "-" })[0]).toBe("longshore run --request - <<'JSON'");
  });

  test("says how often the job may be planned and tried", () => {
    expect(wordsOf({ prompt: "x", max_turns: 1, max_attempts: 5 })).toEqual([
      ...["longshore run", "x", "--max-turns 1", "--max-attempts 5"],
    ]);
  });
});

test("what is not shown of a job is named, and nothing else", () => {
  const file = (path: string, length: number) => ({
    ...{ path, content: "x".repeat(length), encoding: "utf8" as const },
  });
  const request = {
    prompt: "…",
    files: [file("short.txt", 9), file("long.txt", 9_000)],
    secrets: { TOKEN: "abcd" },
  };
  expect(leftOut(request)).toEqual(["the content of long.txt", "the secret TOKEN"]);
  const text = writeCurl(url, request);
  expect([text.includes("xxxxxxxxx"), text.includes("abcd")]).toEqual([true, false]);
  expect(text.match(/"…/g)).toHaveLength(3);
  expect(leftOut({ prompt: "…" })).toEqual([]);
});
