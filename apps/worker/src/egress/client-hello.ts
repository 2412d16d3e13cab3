/** What the first bytes of a connection are. */
export type FirstBytes =
  | { readonly type: "more_needed" }
  | { readonly type: "no_tls" }
  /** It begins like TLS and is nothing that an honest program sends. */
  | { readonly type: "broken" }
  | { readonly type: "client_hello"; readonly serverName: string | null; readonly encryptsHello: boolean };

/** A hello with keys that withstand quantum computers has some 2 KiB. */
export const longestHelloBytes = 16 * 1024;

const handshakeRecord = 22;
const alertRecord = 21;
/** Changes of ciphers, alerts, data and heartbeats. */
const otherRecords = [20, alertRecord, 23, 24];
/** A level and a description (RFC 8446, 6). */
const alertBytes = 2;
const recordHeadBytes = 5;
const majorVersion = 3;
const clientHello = 1;
const serverNameExtension = 0;
/** RFC 9849: the name that counts is in an encrypted part. Some browsers send it as a decoy as well. */
const encryptedHelloExtension = 0xfe_0d;
const hostName = 0;

const broken = { type: "broken" } as const;
const noTls = { type: "no_tls" } as const;
const moreNeeded = { type: "more_needed" } as const;

/** Reads a TLS ClientHello (RFC 8446, 4.1.2), which may come in several records. */
export function readClientHello(bytes: Buffer): FirstBytes {
  if (bytes.length === 0) return moreNeeded;
  if (bytes[0] !== handshakeRecord) return notAHello(bytes);
  const message = joinRecords(bytes);
  if (message === null) return broken;
  const head = message.subarray(0, 4);
  if (head.length > 0 && head[0] !== clientHello) return broken;
  const length = head.length < 4 ? null : head.readUIntBE(1, 3);
  if (length !== null && length > longestHelloBytes) return broken;
  if (length === null || message.length < 4 + length)
    return bytes.length > longestHelloBytes ? broken : moreNeeded;
  try {
    return readBody(message.subarray(4, 4 + length));
  } catch {
    // A length that leads out of the message.
    return broken;
  }
}

/**
 * Some servers skip other records before the hello: what begins with one is not another protocol. Go's and Java's skip a
 * warning whatever version it names; its length tells it from protocols that begin with the same byte, as MongoDB's may.
 */
function notAHello(bytes: Buffer): FirstBytes {
  const [kind = 0, version] = bytes;
  if (!otherRecords.includes(kind)) return noTls;
  if (version === undefined) return moreNeeded;
  if (version === majorVersion) return broken;
  if (kind !== alertRecord) return noTls;
  if (bytes.length < recordHeadBytes) return moreNeeded;
  return bytes.readUInt16BE(recordHeadBytes - 2) === alertBytes ? broken : noTls;
}

/** The handshake bytes of the records at hand; null where there is something else among them. */
function joinRecords(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = bytes.subarray(at, at + 5);
    if (head[0] !== handshakeRecord) return parts.length > 0 ? Buffer.concat(parts) : null;
    if (head.length > 1 && head[1] !== majorVersion) return null;
    if (head.length < 5) break;
    const length = head.readUInt16BE(3);
    if (length === 0 || length > longestHelloBytes) return null;
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return Buffer.concat(parts);
}

function readBody(body: Buffer): FirstBytes {
  const reader = createReader(body);
  reader.take(2 + 32);
  reader.take(reader.number(1));
  reader.take(reader.number(2));
  reader.take(reader.number(1));
  if (reader.left() === 0) return { type: "client_hello", serverName: null, encryptsHello: false };
  const extensions = createReader(reader.take(reader.number(2)));
  let serverName: string | null = null;
  let encryptsHello = false;
  while (extensions.left() > 0) {
    const kind = extensions.number(2);
    const content = extensions.take(extensions.number(2));
    if (kind === encryptedHelloExtension) encryptsHello = true;
    if (kind !== serverNameExtension) continue;
    // A second one could be the one that the server goes by.
    if (serverName !== null) return broken;
    serverName = readServerName(content);
    if (serverName === null) return broken;
  }
  return { type: "client_hello", serverName, encryptsHello };
}

/** Null unless it is exactly one host name. */
function readServerName(content: Buffer): string | null {
  const reader = createReader(content);
  const list = createReader(reader.take(reader.number(2)));
  if (reader.left() > 0 || list.number(1) !== hostName) return null;
  const name = list.take(list.number(2));
  return list.left() > 0 || name.length === 0 ? null : name.toString("latin1");
}

/** Throws a RangeError at the end of the bytes. */
function createReader(bytes: Buffer) {
  let at = 0;
  function take(count: number): Buffer {
    if (at + count > bytes.length) throw new RangeError("the message is shorter than it says");
    at += count;
    return bytes.subarray(at - count, at);
  }
  return {
    take,
    number: (size: number): number => take(size).readUIntBE(0, size),
    left: () => bytes.length - at,
  };
}
