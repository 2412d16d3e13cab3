import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function logTo(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  return { logger: createLogger("api", "info", destination, secrets), lines };
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

test("a secret of the operator is masked wherever an error has it, and the line stays JSON", () => {
  const password = 'p"ss\\w0rd-5e1';
  const { logger, lines } = logTo([password]);
  const cause = Object.assign(new Error(`WRONGPASS for ${password}`), { command: { args: [password] } });
  const error = new Error(`cannot connect to redis://:${encodeURIComponent(password)}@here`, { cause });
  logger.warn({ err: error, key: Buffer.from(password).toString("base64") }, `it was ${password}`);
  expect(lines.join("")).not.toMatch(/w0rd-5e1|p%22ss|cCJz/);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ msg: "it was ***", err: { type: "Error" } });
});
