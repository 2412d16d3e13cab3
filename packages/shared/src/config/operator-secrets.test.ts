import { expect, test } from "vitest";
import { operatorSecrets } from "./operator-secrets.ts";

test("the keys of providers and of secrets are found, and the passwords of addresses, as written and as they are", () => {
  const env = {
    PRIMARY_API_KEY: "sk-0123456789",
    SECRETS_KEY: "a".repeat(43),
    SECRETS_KEY_PREVIOUS: `${"b".repeat(43)}, ${"c".repeat(43)}`,
    DATABASE_URL: "postgres://longshore:p%40ssw0rd1@db/longshore",
    REDIS_URL: "redis://:anchor-chain@redis:6379",
    HOST: "not-a-secret",
  };
  expect(operatorSecrets(env)).toEqual([
    ...["sk-0123456789", "a".repeat(43), "b".repeat(43), "c".repeat(43)],
    ...["p%40ssw0rd1", "p@ssw0rd1", "anchor-chain"],
  ]);
});

test("what is short, is a name as well, or is not set, is none", () => {
  expect(
    operatorSecrets({
      GEMINI_API_KEY: "short",
      DATABASE_URL: "postgres://longshore:longshore@db/longshore",
      REDIS_URL: "no address",
    }),
  ).toEqual([]);
});
