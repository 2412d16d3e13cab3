import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { mostBodyBytes } from "./body-limit.ts";

/** All bytes of a body, of which it holds no more than the limit. `incomplete_body` where the client went away in the middle. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
): Promise<Result<Buffer, "body_too_large" | "incomplete_body">> {
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
      pieces.push(value);
    }
  } catch {
    // The only fault that reading has: the connection ended.
    return fail("incomplete_body");
  } finally {
    reader.releaseLock();
  }
}
