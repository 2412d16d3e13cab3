import OpenAI from "openai";
import { z } from "zod";
import { type AnswerFormat, createFormatLadder } from "./answer-format.ts";
import { askOnce } from "./ask-once.ts";
import { failedAnswer } from "./classify-failure.ts";
import type { ModelAnswer, ModelPrompt, ModelProvider } from "./model-provider.ts";
import type { PrimarySettings } from "./profiles.ts";
import { secretsOf } from "./redact.ts";

/** The gateway's deadline rules; the client's own timer only must never be the shorter one. */
const beyondAnyDeadlineMs = 3_600_000;

const tokens = z.number().int().min(0).catch(0);

/** What is read of a chat completion; servers differ in everything else. */
const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

/**
 * A provider that speaks OpenAI's chat completions, on any address. What the client would read from the environment
 * is set here; only extra headers (OPENAI_CUSTOM_HEADERS) cannot be turned off.
 */
export function createPrimaryProvider(settings: PrimarySettings): ModelProvider {
  const { apiKey, baseUrl, model } = settings;
  const secrets = secretsOf(apiKey, baseUrl);
  const climbDown = createFormatLadder(settings.formats);
  const client = new OpenAI({
    apiKey: apiKey ?? "none",
    baseURL: baseUrl,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: beyondAnyDeadlineMs,
    logLevel: "off",
    defaultHeaders: apiKey === null ? { Authorization: null } : {},
  });

  function complete(
    prompt: ModelPrompt,
    format: AnswerFormat,
    signal: AbortSignal,
    boundedFetch: typeof fetch,
  ) {
    return client.withOptions({ fetch: boundedFetch }).chat.completions.create(
      {
        model,
        messages: [
          { role: "system", content: prompt.system },
          { role: "user", content: prompt.user },
        ],
        ...responseFormat(format, prompt.schema),
      },
      { signal },
    );
  }

  return {
    role: "primary",
    model,
    ask: (prompt, signal) =>
      climbDown((format) =>
        askOnce({
          send: (boundedFetch) => complete(prompt, format, signal, boundedFetch),
          read: readCompletion,
          secrets,
          signal,
        }),
      ),
  };
}

function responseFormat(format: AnswerFormat, schema: ModelPrompt["schema"]) {
  switch (format) {
    case "json_schema":
      return {
        response_format: { type: format, json_schema: { name: "plan", strict: true, schema: { ...schema } } },
      } as const;
    case "json_object":
      return { response_format: { type: format } } as const;
    case "none":
      return {};
  }
}

function readCompletion(answer: unknown): ModelAnswer {
  const parsed = completion.safeParse(answer);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined)
    return failedAnswer("malformed", "its JSON is not a chat completion");
  const used = {
    inputTokens: parsed.data.usage?.prompt_tokens ?? 0,
    outputTokens: parsed.data.usage?.completion_tokens ?? 0,
  };
  const { content, refusal } = choice.message;
  if (choice.finish_reason === "content_filter" || (refusal ?? "") !== "") {
    return failedAnswer("refusal", "the model refused to answer", used);
  }
  const text = content ?? "";
  return text.trim() === ""
    ? failedAnswer("empty", "its answer holds no text", used)
    : { outcome: "ok", text, ...used };
}
