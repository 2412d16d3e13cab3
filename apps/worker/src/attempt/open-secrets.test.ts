import type { StoredRequest } from "@longshore/shared/contracts/schedule-request";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import { describe, expect, test } from "vitest";
import { newRequest } from "../../../../tests/support/stored-job.ts";
import { openSecrets } from "./open-secrets.ts";

const box = createSecretBox({ current: Buffer.alloc(32, 7), previous: [] });
const other = createSecretBox({ current: Buffer.alloc(32, 8), previous: [] });
const env = { TOKEN: "hunter2-hunter2" };
const steps = [{ kind: "shell" as const, command: "echo hunter2-hunter2", continue_on_error: false }];
const request = newRequest({ steps });
const { limits, max_turns, max_attempts } = request;

function rowOf(sealed: object | null, inClear: StoredRequest) {
  const kept = sealed === null ? null : box.seal(JSON.stringify(sealed), "job");
  return { id: "job", request: inClear, secrets: kept?.bytes ?? null, secretsKeyId: kept?.keyId ?? null };
}

describe("what is sealed of a job with secrets", () => {
  const sealed = rowOf({ secrets: env, request }, { limits, max_turns, max_attempts });

  test("is its whole request beside them", () => {
    const opened = openSecrets(sealed, box);
    expect(opened).toMatchObject({ ok: true, value: { request, env } });
  });

  test("is the secrets alone where an API of before has taken it: its request is then in clear", () => {
    expect(openSecrets(rowOf(env, request), box)).toMatchObject({ ok: true, value: { request, env } });
    // Names that are those of the present form.
    const named = { secrets: "hunter2", request: "hunter2" };
    expect(openSecrets(rowOf(named, request), box)).toMatchObject({
      ok: true,
      value: { request, env: named },
    });
  });

  test("is not opened by a worker that has another key, or none", () => {
    expect(openSecrets(sealed, other)).toMatchObject({ ok: false });
    expect(openSecrets(sealed, null)).toMatchObject({ ok: false });
  });

  test("is the plan, too, which the next owner opens", () => {
    const [first, next] = [openSecrets(sealed, box), openSecrets(sealed, box)];
    if (!first.ok || !next.ok) throw new Error("the key is there");
    const stored = first.value.sealSteps(steps);
    expect(JSON.stringify(stored)).not.toContain("hunter2");
    expect(next.value.unsealSteps(stored)).toEqual(steps);
    expect(next.value.unsealSteps(steps)).toEqual(steps);
  });
});

test("of a job without secrets nothing is sealed", () => {
  const opened = openSecrets(rowOf(null, request), null);
  if (!opened.ok) throw new Error("it needs no key");
  expect(opened.value).toMatchObject({ request, env: {} });
  expect(opened.value.sealSteps(steps)).toEqual(steps);
});
