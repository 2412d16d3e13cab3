import type { Context, MiddlewareHandler, Next } from "hono";
import type { ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";
import { bodyTooLarge } from "./body-limit.ts";
import type { BodyRoom, HeldBody } from "./body-room.ts";
import { deepestJson, findJsonExcess, mostJsonValues } from "./json-excess.ts";
import { toPointerStep } from "./pointer-step.ts";
import { readBody } from "./read-body.ts";

const jsonMediaType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const maybeProto = /__proto__|\\u/;

const unread = {
  body_too_large: bodyTooLarge,
  incomplete_body: "The connection ended before the body was complete.",
  too_much_at_once:
    "You send more bodies at once than one caller may: send it again when the others are answered.",
  bodies_full: "More bodies arrive at once than this server holds: send it again in a moment.",
} as const;

/** How a route behind `jsonBody` can answer for its body. */
export const jsonBodyCodes = [
  ...([
    "incomplete_body",
    "invalid_utf8",
    "malformed_json",
    "body_too_large",
    "unsupported_media_type",
  ] as const),
  ...(["invalid_body", "too_much_at_once", "bodies_full"] as const),
] as const;

const tooMuch = {
  depth: `must not be nested deeper than ${String(deepestJson)} levels`,
  values: `must not hold more than ${String(mostJsonValues)} values`,
} as const;

/** Reads the body as JSON in UTF-8, strictly; it is then in `c.get("body")`. */
export function jsonBody(room: BodyRoom): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (!jsonMediaType.test(c.req.header("Content-Type") ?? "")) {
      return answerProblem(
        c,
        "unsupported_media_type",
        "Send the body as JSON, with Content-Type: application/json.",
      );
    }
    const encoding = c.req.header("Content-Encoding") ?? "identity";
    if (encoding.toLowerCase() !== "identity") {
      return answerProblem(
        c,
        "unsupported_media_type",
        "Send the body without Content-Encoding: it is not unpacked here.",
      );
    }
    const held = room.hold(c.get("caller").tenant);
    try {
      return await readJson(c, next, held);
    } finally {
      held.release();
    }
  };
}

async function readJson(c: Context<ApiEnv>, next: Next, held: HeldBody) {
  const bytes = await readBody(c.req.raw, held);
  if (!bytes.ok) return answerProblem(c, bytes.failure, unread[bytes.failure]);
  const excess = findJsonExcess(bytes.value);
  if (excess === "unclosed") return answerProblem(c, "malformed_json", "The body cannot be read as JSON.");
  if (excess !== null) {
    return answerProblem(c, "invalid_body", "The body is larger in form than any is to be.", [
      { pointer: "", detail: tooMuch[excess] },
    ]);
  }
  const text = decode(bytes.value);
  if (text === null)
    return answerProblem(c, "invalid_utf8", "The body is no valid UTF-8: encode it as UTF-8.");
  const parsed = parse(text);
  if (!parsed.ok) return answerProblem(c, "malformed_json", parsed.detail);
  const pointer = maybeProto.test(text) ? findProto(parsed.value) : null;
  if (pointer !== null) {
    const detail = "cannot be used as a name here";
    return answerProblem(c, "invalid_body", "The body has a name that is not taken.", [{ pointer, detail }]);
  }
  c.set("body", parsed.value);
  return next();
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; detail: string } {
  if (text.trim() === "") return { ok: false, detail: "The body is empty: send a JSON object." };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    const where =
      error instanceof SyntaxError
        ? /at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)
        : null;
    return {
      ok: false,
      detail: `The body cannot be read as JSON${where === null ? "" : `: look ${where[0]}`}.`,
    };
  }
}

/** Pointer to the first key `__proto__`, or null: schemas of records drop that key without a word. */
function findProto(root: unknown): string | null {
  const todo: { value: unknown; pointer: string }[] = [{ value: root, pointer: "" }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    for (const [key, value] of Object.entries(next.value)) {
      const pointer = next.pointer + toPointerStep(key);
      if (key === "__proto__") return pointer;
      if (typeof value === "object") todo.push({ value, pointer });
    }
  }
  return null;
}
