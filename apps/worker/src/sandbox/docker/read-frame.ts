import type { ZodMiniType } from "zod/mini";

/** A line as a frame, or the reason why it is none: a sentence that does not repeat what was said. */
export type ReadFrame<Frame> = { readonly frame: Frame } | { readonly frame: null; readonly reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a line of an agent. */
export function readFrame<Frame>(schema: ZodMiniType<Frame>, line: Buffer): ReadFrame<Frame> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(line));
  } catch {
    return { frame: null, reason: "The agent sent a line that is no JSON in UTF-8." };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { frame: parsed.data };
  const path = parsed.error.issues[0]?.path.map(String).join("/") ?? "";
  return {
    frame: null,
    reason: `The agent sent a frame that its schema refuses at "${path.slice(0, 100)}".`,
  };
}
