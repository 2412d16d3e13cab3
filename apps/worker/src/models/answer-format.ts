import type { Exchange } from "./exchange.ts";
import type { ModelAnswer } from "./model-provider.ts";

/** How a provider is held to JSON: by a schema, as any JSON, or only by the words of the prompt. */
export type AnswerFormat = "json_schema" | "json_object" | "none";

/** One request of a call; `formatRefused` where the server said that it does not know the format. */
export interface FormatTry {
  readonly answer: ModelAnswer;
  readonly formatRefused: boolean;
}

const formatWords = /schema|response_?(?:format|mime)|json.?(?:mode|object)|structured|grammar/i;

/** True where the server refused the request because of the form of answer that was asked for. */
export function isFormatRefusal({ status, errorText }: Exchange): boolean {
  return (
    (status === 400 || status === 404 || status === 422 || status === 501) && formatWords.test(errorText)
  );
}

/**
 * Asks in the strictest format that the server takes. A refused format is followed by the next one within the
 * same call and its deadline; what worked is remembered, so that the refusal is met once for each process.
 */
export function createFormatLadder(formats: readonly [AnswerFormat, ...AnswerFormat[]]) {
  let usable = formats;
  return async function climbDown(
    askOnce: (format: AnswerFormat) => Promise<FormatTry>,
  ): Promise<ModelAnswer> {
    let [format, ...others] = usable;
    for (;;) {
      const { answer, formatRefused } = await askOnce(format);
      const [next, ...rest] = others;
      if (!formatRefused || next === undefined) {
        if (answer.outcome === "ok") usable = [format, ...others];
        return answer;
      }
      [format, others] = [next, rest];
    }
  };
}
