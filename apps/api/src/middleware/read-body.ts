import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { mostBodyBytes } from "./body-limit.ts";
import type { HeldBody, NoBodyRoom } from "./body-room.ts";

/**
 * A body of so many bytes is taken whole, and counted when it is there: that goes without a web stream, which is dear for a
 * small request. What is not counted meanwhile is bounded by the number of connections: 64 MiB.
 */
const smallBytes = 16 * 1_024;

/**
 * All bytes of a body, of which it holds no more than the limit, and than there is room for. `incomplete_body` where the
 * client went away in the middle.
 */
export async function readBody(
  request: Request,
  held: HeldBody,
): Promise<Result<Buffer, "body_too_large" | "incomplete_body" | NoBodyRoom>> {
  // HTTP gives no more bytes than were declared.
  const declared = request.headers.get("Content-Length");
  if (declared !== null && Number(declared) <= smallBytes) return readWhole(request, held);
  return request.body === null ? succeed(Buffer.alloc(0)) : readPieces(request.body, held);
}

async function readWhole(
  request: Request,
  held: HeldBody,
): Promise<Result<Buffer, "incomplete_body" | NoBodyRoom>> {
  try {
    const bytes = Buffer.from(await request.arrayBuffer());
    const added = held.add(bytes.length);
    return added.ok ? succeed(bytes) : added;
  } catch {
    return fail("incomplete_body");
  }
}

async function readPieces(
  body: ReadableStream<Uint8Array>,
  held: HeldBody,
): Promise<Result<Buffer, "body_too_large" | "incomplete_body" | NoBodyRoom>> {
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
