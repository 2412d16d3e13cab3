import { createdKey } from "@longshore/shared/contracts/new-key";
import { expect } from "vitest";
import { control } from "./canary-jobs.ts";
import { findCanaries } from "./find-canaries.ts";
import type { JobClient } from "./job-client.ts";

/**
 * Makes a key as an admin does, asks for it once more, uses it, revokes it and lists it: what it is stands in the first
 * answer alone. Gives the key.
 */
export async function makeKeyOverHttp(admin: JobClient): Promise<string> {
  const init = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": control },
    body: JSON.stringify({ name: control, scopes: ["jobs:read"] }),
  };
  const { key, id } = createdKey.parse(await (await admin.request("/keys", init)).json());
  const others = [
    await admin.request("/keys", init),
    await admin.withKey(key).request("/jobs"),
    await admin.request(`/keys/${id}`, { method: "DELETE" }),
    await admin.withKey(key).request("/jobs"),
    await admin.request("/keys"),
  ];
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 401, 200]);
  const said = await Promise.all(others.map((answered) => answered.text()));
  expect(findCanaries({ said: said.join("\n") }, [key.slice(-43)])).toEqual([]);
  return key;
}
