import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ByteIntake, createByteIntake } from "./byte-intake.ts";
import { printable } from "./egress-log.ts";
import { longestHelloBytes, readClientHello } from "./client-hello.ts";
import type { Target } from "./judge-target.ts";

/** What a program says first in a tunnel, as far as it matters who is to hear it. */
export type Opening =
  | { readonly type: "tls" }
  | { readonly type: "plain" }
  /** A sentence's end that says why it is not carried. */
  | { readonly type: "refused"; readonly reason: string };

/** A fatal alert, "unrecognized_name" (RFC 8446, 6.2): programs then say so, and not only that the connection broke. */
export const unrecognizedName = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

/**
 * Reads, and puts back, as much of what a program says first as tells whether it is TLS, and with whom. It has `helloMs`
 * for that, or, where these are null as the host may have the first word, as long as the connection may be idle.
 */
export async function readOpening(client: Duplex, target: Target, helloMs: number | null): Promise<Opening> {
  const bound = helloMs === null ? new AbortController().signal : AbortSignal.timeout(helloMs);
  const intake = createByteIntake(client, bound);
  const opening = await judgeOpening(intake, target);
  intake.leave();
  return opening;
}

async function judgeOpening(intake: ByteIntake, { host }: Target): Promise<Opening> {
  for (let wanted = 1; ;) {
    const bytes = await intake.atLeast(wanted);
    if (bytes.length < wanted)
      return { type: "refused", reason: "the program did not say whom it wants to speak with" };
    const read = readClientHello(bytes.subarray(0, longestHelloBytes + 1));
    if (read.type === "no_tls") return { type: "plain" };
    if (read.type === "more_needed") {
      wanted = bytes.length + 1;
      continue;
    }
    if (read.type === "broken")
      return { type: "refused", reason: "it began with a TLS hello that cannot be read" };
    const { serverName, encryptsHello } = read;
    if (encryptsHello)
      return { type: "refused", reason: "its TLS hello is encrypted, so that it may name another host" };
    // An address cannot be a server's name (RFC 6066, 3).
    if ((serverName?.toLowerCase() ?? null) === (host.type === "name" ? host.text : null))
      return { type: "tls" };
    const named = serverName === null ? "names no host" : `names another host: ${printable(serverName)}`;
    return { type: "refused", reason: `its TLS hello ${named}` };
  }
}

/** Carries bytes both ways until both have said all, or either breaks off: then the other does too. */
export function carry(client: Duplex, upstream: Socket): void {
  carryBack(client, upstream);
  client.pipe(upstream);
}

/** Carries what the host says, and not yet what the program does. */
export function carryBack(client: Duplex, upstream: Socket): void {
  // Who went while we connected is not heard to go any more.
  if (client.destroyed) upstream.destroy();
  upstream.pipe(client);
  client.once("close", () => upstream.destroy());
  upstream.once("close", (hadError: boolean) => {
    if (hadError || !upstream.readableEnded) client.destroy();
  });
}
