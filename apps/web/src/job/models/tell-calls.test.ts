import type { Job } from "@longshore/client";
import { expect, test } from "vitest";
import { tellCall } from "./tell-calls.ts";

type Call = Job["usage"]["calls"][number];
const call = (provider: Call["provider"], outcome: Call["outcome"], took: number): Call => ({
  ...{ provider, model: "m", outcome, duration_ms: took, input_tokens: 0, output_tokens: 0 },
});

test("calls tell who was asked, what came of it, and who was asked instead", () => {
  const calls = [
    call("primary", "rate_limited", 120),
    call("fallback", "ok", 1_250),
    call("primary", "circuit_open", 0),
    call("fallback", "server_error", 90),
    call("primary", "ok", 800),
  ];
  expect(calls.map((each, place) => tellCall(each, calls[place - 1] ?? null))).toEqual([
    "The primary takes no more requests at the moment (120 ms).",
    "Instead: the fallback answered with a plan after 1.2 s.",
    "The primary was not asked: it had failed several times in a row.",
    "Instead: the fallback failed (90 ms).",
    "In a new turn: the primary answered with a plan after 800 ms.",
  ]);
});
