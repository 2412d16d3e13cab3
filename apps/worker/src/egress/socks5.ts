import type { Duplex } from "node:stream";
import { type ByteIntake, createByteIntake } from "./byte-intake.ts";
import { readTarget, type Target } from "./judge-target.ts";

/** What a client that speaks SOCKS5 (RFC 1928) asked for. */
export type SocksRequest =
  | { readonly type: "connect"; readonly target: Target }
  /** It has been answered, or cannot be. A sentence's end, and what was asked for, as far as it could be read. */
  | { readonly type: "refused"; readonly asked: string; readonly reason: string };

export const socksVersion = 5;

/** Replies (RFC 1928, 6). */
export const socksReplies = {
  granted: 0,
  notAllowed: 2,
  unreachable: 4,
  commandUnknown: 7,
  addressTypeUnknown: 8,
} as const;

const noAuthentication = 0;
const noneAcceptable = 0xff;
const connectCommand = 1;
const commandNames = ["", "CONNECT", "BIND", "UDP ASSOCIATE"];
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** Reads the greeting and the request, which have `headMs`. The caller answers a `connect`. */
export async function readSocksRequest(client: Duplex, headMs: number): Promise<SocksRequest> {
  const intake = createByteIntake(client, AbortSignal.timeout(headMs));
  const request = await greet(client, intake);
  intake.leave();
  return request;
}

/** Answers a request. The address in it is nobody's: nothing uses it. */
export function replySocks(client: Duplex, reply: number): void {
  client.write(Buffer.from([socksVersion, reply, 0, addressTypes.ipv4, 0, 0, 0, 0, 0, 0]));
}

async function greet(client: Duplex, intake: ByteIntake): Promise<SocksRequest> {
  const methods = await takeCounted(intake, 1);
  if (methods === null) return refused("", "its SOCKS greeting is broken");
  if (!methods.includes(noAuthentication)) {
    client.write(Buffer.from([socksVersion, noneAcceptable]));
    return refused("", "it asked for a SOCKS login, which there is none of");
  }
  client.write(Buffer.from([socksVersion, noAuthentication]));
  const head = await intake.atLeast(4);
  if (head.length < 4 || head[0] !== socksVersion) return refused("", "its SOCKS request is broken");
  const [, command, , addressType] = head;
  if (command !== connectCommand) {
    replySocks(client, socksReplies.commandUnknown);
    return refused("", `of SOCKS only CONNECT is served, not ${commandNames[command ?? 0] ?? "others"}`);
  }
  const authority = await readAuthority(intake, addressType ?? 0);
  if (authority === null) {
    replySocks(client, socksReplies.addressTypeUnknown);
    return refused("", "its SOCKS request is broken");
  }
  const target = readTarget(authority, null);
  if (target.ok) return { type: "connect", target: target.value };
  replySocks(client, socksReplies.notAllowed);
  return refused(authority, target.failure);
}

function refused(asked: string, reason: string): SocksRequest {
  return { type: "refused", asked: asked === "" ? "what was asked for" : asked, reason };
}

/** `host:port` as HTTP would write it: from there on both are judged alike. */
async function readAuthority(intake: ByteIntake, addressType: number): Promise<string | null> {
  let host: string;
  if (addressType === addressTypes.name) {
    const name = await takeCounted(intake, 4);
    if (name === null) return null;
    host = name.toString("latin1");
  } else {
    const length = addressType === addressTypes.ipv4 ? 4 : addressType === addressTypes.ipv6 ? 16 : null;
    if (length === null) return null;
    const bytes = await intake.atLeast(4 + length);
    if (bytes.length < 4 + length) return null;
    host = length === 4 ? bytes.subarray(4, 8).join(".") : ipv6(bytes.subarray(4, 20));
    intake.skip(4 + length);
  }
  const port = await intake.atLeast(2);
  if (port.length < 2) return null;
  intake.skip(2);
  return `${host}:${String(port.readUInt16BE(0))}`;
}

/** Skips `head` bytes, of which none has been taken, then takes as many as the next byte says. */
async function takeCounted(intake: ByteIntake, head: number): Promise<Buffer | null> {
  const counted = await intake.atLeast(head + 1);
  const end = head + 1 + (counted[head] ?? 0);
  const bytes = await intake.atLeast(end);
  if (counted.length <= head || bytes.length < end) return null;
  const taken = Buffer.from(bytes.subarray(head + 1, end));
  intake.skip(end);
  return taken;
}

/** In brackets and in its shortest form. */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname;
}
