import { describe, expect, test } from "vitest";
import { writeCommand } from "./write-request.ts";

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
