import { GoogleGenerativeAI } from "@google/generative-ai";
import { z } from "zod";
import { type AnswerFormat, createFormatLadder } from "./answer-format.ts";
import { askOnce } from "./ask-once.ts";
import { failedAnswer } from "./classify-failure.ts";
import { toGeminiSchema } from "./gemini-schema.ts";
import type { ModelAnswer, ModelPrompt, ModelProvider } from "./model-provider.ts";
import type { FallbackSettings } from "./profiles.ts";
import { secretsOf } from "./redact.ts";

const formats: readonly [AnswerFormat, ...AnswerFormat[]] = ["json_schema", "json_object", "none"];

const tokens = z.number().int().min(0).catch(0);

const generated = z.object({
  candidates: z
    .array(
      z.object({
        finishReason: z.string().nullish(),
        content: z
          .object({
            parts: z
              .array(z.object({ text: z.string().nullish(), thought: z.boolean().nullish() }))
              .nullish(),
          })
          .nullish(),
      }),
    )
    .optional(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).optional(),
  usageMetadata: z
    .object({ promptTokenCount: tokens, candidatesTokenCount: tokens, thoughtsTokenCount: tokens })
    .nullish()
    .catch(null),
});

/** Finish reasons by which Gemini says that it will not answer, and not that it could not. */
const refusals = new Set(["SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"]);

/** A provider that speaks Gemini's protocol. `baseUrl` is without the version path. */
export function createFallbackProvider({ apiKey, baseUrl, model }: FallbackSettings): ModelProvider {
  const secrets = secretsOf(apiKey, baseUrl);
  const climbDown = createFormatLadder(formats);
  const client = new GoogleGenerativeAI(apiKey);

  function generate(
    prompt: ModelPrompt,
    format: AnswerFormat,
    signal: AbortSignal,
    boundedFetch: typeof fetch,
  ) {
    const gemini = client.getGenerativeModel(
      { model, systemInstruction: prompt.system, generationConfig: generationConfig(format, prompt.schema) },
      { baseUrl },
    );
    return callWithFetch(boundedFetch, () => gemini.generateContent(prompt.user, { signal }));
  }

  return {
    role: "fallback",
    model,
    ask: (prompt, signal) =>
      climbDown((format) =>
        askOnce({
          send: async (boundedFetch) => (await generate(prompt, format, signal, boundedFetch)).response,
          read: readGenerated,
          secrets,
          signal,
        }),
      ),
  };
}

/**
 * Runs `call` with `bounded` as the global fetch. The library has no option for its fetch: it takes the global one,
 * as a default argument, before its first await. So the exchange lasts for one synchronous call, which no other code
 * can see; should a later version look later, the test of a 10 MB answer fails.
 */
function callWithFetch<Answer>(bounded: typeof fetch, call: () => Promise<Answer>): Promise<Answer> {
  const own = globalThis.fetch;
  globalThis.fetch = bounded;
  try {
    return call();
  } finally {
    globalThis.fetch = own;
  }
}

function generationConfig(format: AnswerFormat, schema: ModelPrompt["schema"]) {
  switch (format) {
    case "json_schema":
      return { responseMimeType: "application/json", responseSchema: toGeminiSchema(schema) };
    case "json_object":
      return { responseMimeType: "application/json" };
    case "none":
      return {};
  }
}

function readGenerated(answer: unknown): ModelAnswer {
  const parsed = generated.safeParse(answer);
  const { candidates, promptFeedback, usageMetadata } = parsed.data ?? {};
  if (candidates === undefined && promptFeedback === undefined) {
    return failedAnswer("malformed", "its JSON is not an answer of Gemini's protocol");
  }
  const used = {
    inputTokens: usageMetadata?.promptTokenCount ?? 0,
    outputTokens: (usageMetadata?.candidatesTokenCount ?? 0) + (usageMetadata?.thoughtsTokenCount ?? 0),
  };
  const first = candidates?.[0];
  const finish = first?.finishReason ?? "";
  if (refusals.has(finish) || (first === undefined && (promptFeedback?.blockReason ?? "") !== "")) {
    return failedAnswer("refusal", "the model refused to answer", used);
  }
  const parts = first?.content?.parts ?? [];
  const text = parts.map((part) => (part.thought === true ? "" : (part.text ?? ""))).join("");
  return text.trim() === ""
    ? failedAnswer("empty", "its answer holds no text", used)
    : { outcome: "ok", text, ...used };
}
