import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";

/** What a name leads to: addresses of either family, what it leads to now (IPv4 alone), or another name. */
type Answer = readonly string[] | (() => readonly string[]) | { readonly alias: string };

type Zone = Readonly<Record<string, Answer>>;

/** A name server of a test's own, on the loopback. */
export interface NameServer {
  readonly port: number;
  close(): void;
}

const typeA = 1;
const typeCname = 5;
const typeAaaa = 28;

/** Starts one that knows these names and no others, and whose answers nobody may keep. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => socket.send(answerTo(message, zone), port, address));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { port: socket.address().port, close: () => void socket.close() };
}

/** RFC 1035, 4.1: a header of 12 bytes, then the question: its labels, each behind its length, its type and its class. */
function answerTo(message: Buffer, zone: Zone): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const name = labels.join(".").toLowerCase();
  const records = recordsOf(zone, name, message.readUInt16BE(at + 1));
  const header = Buffer.alloc(12);
  message.copy(header, 0, 0, 2);
  // An answer, of the one who knows, to whom one may pass questions on; 3: there is no such name.
  header.writeUInt16BE(Object.hasOwn(zone, name) ? 0x8580 : 0x8583, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, message.subarray(12, at + 5), ...records]);
}

/** What there is of this type, behind the aliases that lead to it. */
function recordsOf(zone: Zone, name: string, type: number): readonly Buffer[] {
  const answer = zone[name] ?? [];
  if ("alias" in answer)
    return [record(name, typeCname, encodeName(answer.alias)), ...recordsOf(zone, answer.alias, type)];
  const addresses = typeof answer !== "function" ? answer : type === typeA ? answer() : [];
  return addresses
    .filter((address) => type === (isIPv4(address) ? typeA : typeAaaa))
    .map((address) => record(name, type, encodeAddress(address)));
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fields, data]);
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...labels, Buffer.alloc(1)]);
}

function encodeAddress(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  // The shortest form in hexadecimal, whatever it was written in.
  const [before = "", after = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [head, tail] = [before.split(":").filter(Boolean), after.split(":").filter(Boolean)];
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}
