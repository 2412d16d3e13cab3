import { expect, test } from "vitest";
import { parseSecretKeys } from "./secret-keys.ts";

const key = (fill: number) => Buffer.alloc(32, fill);

test("a key may be hexadecimal or base64, and former ones stand beside it", () => {
  const env = {
    SECRETS_KEY: key(1).toString("hex"),
    SECRETS_KEY_PREVIOUS: `${key(2).toString("base64")}, ${key(3).toString("base64url")}`,
  };
  expect(parseSecretKeys(env)).toEqual({
    ok: true,
    value: { current: key(1), previous: [key(2), key(3)] },
  });
});

test("without any key there is none", () => {
  expect(parseSecretKeys({ SECRETS_KEY: "", SECRETS_KEY_PREVIOUS: " " })).toEqual({ ok: true, value: null });
});

test("former keys without a present one are a fault, as none of them would be read", () => {
  expect(parseSecretKeys({ SECRETS_KEY_PREVIOUS: key(2).toString("base64") })).toEqual({
    ok: false,
    failure: [expect.stringMatching(/^SECRETS_KEY must be set where SECRETS_KEY_PREVIOUS is/)],
  });
});

test("a key of another length is a fault that does not show it", () => {
  const parsed = parseSecretKeys({ SECRETS_KEY: "c2hvcnQ=", SECRETS_KEY_PREVIOUS: "b3RoZXI=" });
  expect(parsed).toEqual({
    ok: false,
    failure: [
      expect.stringMatching(/^SECRETS_KEY must be 32 bytes/),
      expect.stringMatching(/^SECRETS_KEY_PREVIOUS must be former keys/),
    ],
  });
  expect(JSON.stringify(parsed)).not.toMatch(/c2hvcnQ|b3RoZXI/);
});
