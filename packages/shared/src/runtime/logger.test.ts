import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function logTo() {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  return { logger: createLogger("api", "info", destination), lines };
}

test("what is invisible or moves the cursor is written as an escape, and read again as it was", () => {
  const { logger, lines } = logTo();
  const text = "a\r\nb\x1b[2J\x7f\u009b\u202e\u2028\ufeff\u{e0041}\u00ad é 漢 😀";
  logger.info({ path: text, [text]: 1 }, text);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\{[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\}\n$/u);
  expect(lines[0]).toContain("é 漢 😀");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ path: text, msg: text, [text]: 1 });
});
