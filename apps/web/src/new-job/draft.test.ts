import type { ScheduleRequest } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { emptyDraft, toDraft, toRequest } from "./draft.ts";

/** As GET /jobs/{id}/request tells it: with what is in force where nothing was given. */
const asked: ScheduleRequest = {
  prompt: "sort these",
  steps: [{ kind: "shell", command: "sort a.txt", name: "sorting" }],
  files: [{ path: "a.txt", content: "b\na\n", encoding: "utf8" }],
  env: { LANG: "C" },
  network: { allow: ["pypi.org", "*.example.org:8443"] },
  limits: { timeout_seconds: 600, memory_mb: 128, cpus: 0.5 },
  max_turns: 1,
  max_attempts: 5,
  metadata: { pier: "north" },
};

describe("the draft of a job that was run before", () => {
  test("asks for the same again, but for what is usual", () => {
    expect(toRequest(toDraft(asked, []))).toEqual({ ...asked, limits: { memory_mb: 128, cpus: 0.5 } });
  });

  test("shows how often it may be planned and tried, where that is not the usual", () => {
    expect(toDraft(asked, []).tries).toEqual({ max_turns: "1", max_attempts: "5" });
    expect(toDraft({ ...asked, max_turns: 3, max_attempts: 3 }, []).tries).toEqual(emptyDraft.tries);
  });

  test("has its secrets to be given anew, by name", () => {
    expect(toDraft(asked, ["TOKEN"]).secrets).toEqual([{ name: "TOKEN", value: "" }]);
  });
});

test("a draft without anything else asks for its prompt alone", () => {
  expect(toRequest({ ...emptyDraft, prompt: "count to three" })).toEqual({ prompt: "count to three" });
});
