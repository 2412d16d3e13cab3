import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { mostBodyBytes } from "./body-limit.ts";
import type { HeldBody, NoBodyRoom } from "./body-room.ts";

/**
 * All bytes of a body, of which it holds no more than the limit, and than there is room for. `incomplete_body` where the
 * client went away in the middle.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  held: HeldBody,
): Promise<Result<Buffer, "body_too_large" | "incomplete_body" | NoBodyRoom>> {
  if (body === null) return succeed(Buffer.alloc(0));
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return succeed(Buffer.concat(pieces));
      bytes += value.length;
      if (bytes > mostBodyBytes) return fail("body_too_large");
      const added = held.add(value.length);
      if (!added.ok) return added;
      pieces.push(value);
    }
  } catch {
    // The only fault that reading has: the connection ended.
    return fail("incomplete_body");
  } finally {
    reader.releaseLock();
  }
}
