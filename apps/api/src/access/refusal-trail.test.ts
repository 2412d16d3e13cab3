import { expect, test } from "vitest";
import { createRefusalTrail, type RefusedRequest } from "./refusal-trail.ts";

const refused = (change: Partial<RefusedRequest> = {}): RefusedRequest => ({
  ...{
    code: "key_invalid",
    tenant: null,
    keyId: null,
    requestId: "r1",
    route: "GET /jobs",
    address: "127.0.0.1",
  },
  ...change,
});

/** What the trail has written: the code, the first request, and how many it stands for. */
const open = (everyMs: number) => {
  const written: string[] = [];
  const trail = createRefusalTrail(({ details, requestId }) => {
    written.push(`${String(details["code"])} ${requestId ?? ""} ${String(details["times"])}`);
    return true;
  }, everyMs);
  return { trail, written };
};

test("the first refusal is written at once, and those like it are counted until the minute is over", async () => {
  const { trail, written } = open(20);
  trail.note(refused());
  expect(written).toEqual(["key_invalid r1 1"]);
  for (let more = 0; more < 1_000; more += 1) trail.note(refused({ requestId: `m${String(more)}` }));
  expect(written).toHaveLength(1);
  await expect
    .poll(() => written, { timeout: 5_000, interval: 5 })
    .toEqual(["key_invalid r1 1", "key_invalid r1 1000"]);
});

test("another key, or another reason, is told by itself", () => {
  const { trail, written } = open(60_000);
  trail.note(refused());
  trail.note(refused({ keyId: "k", code: "key_revoked", requestId: "r2" }));
  trail.note(refused({ keyId: "k", code: "scope_missing", requestId: "r3" }));
  expect(written).toEqual(["key_invalid r1 1", "key_revoked r2 1", "scope_missing r3 1"]);
  trail.close();
  expect(written).toHaveLength(3);
});

test("what is counted when the service stops is written then", () => {
  const { trail, written } = open(60_000);
  trail.note(refused());
  trail.note(refused());
  trail.close();
  expect(written).toEqual(["key_invalid r1 1", "key_invalid r1 1"]);
});
