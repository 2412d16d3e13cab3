import type { Duplex } from "node:stream";
import { createByteIntake } from "./byte-intake.ts";

/** The older SOCKS (4 and 4a), which is not served: what it asks for is told of, and refused. */
export const socks4Version = 4;

const headBytes = 8;
const longestTextBytes = 300;
// "Request rejected or failed".
const rejection = Buffer.from([0, 0x5b, 0, 0, 0, 0, 0, 0]);

/** Refuses what was asked for, and gives it as `host:port`, as far as it comes within `headMs`. */
export async function refuseSocks4(client: Duplex, headMs: number): Promise<string> {
  const intake = createByteIntake(client, AbortSignal.timeout(headMs));
  const head = Buffer.from(await intake.atLeast(headBytes));
  if (head.length < headBytes) return "what was asked for";
  const port = String(head.readUInt16BE(2));
  const address = head.subarray(4, headBytes);
  intake.skip(headBytes);
  // 0.0.0.x stands for a name, which comes behind the user's (4a).
  const isNamed = address.subarray(0, 3).equals(Buffer.alloc(3)) && address[3] !== 0;
  const texts = isNamed ? [await takeText(intake), await takeText(intake)] : [];
  client.write(rejection);
  return `${texts[1] ?? address.join(".")}:${port}`;
}

/** Up to a NUL, which goes with it, or as much as is told. */
async function takeText(intake: ReturnType<typeof createByteIntake>): Promise<string> {
  for (let wanted = 1; ;) {
    const bytes = await intake.atLeast(wanted);
    const end = bytes.indexOf(0);
    if (end === -1 && bytes.length >= wanted && bytes.length < longestTextBytes) {
      wanted = bytes.length + 1;
      continue;
    }
    const text = bytes.toString("latin1", 0, end === -1 ? bytes.length : end);
    intake.skip(text.length + 1);
    return text;
  }
}
