/** Fields of one raw tar header, for tests. What is not given is that of a plain empty file. */
export interface RawHeader {
  readonly name?: string | Buffer;
  readonly prefix?: string;
  readonly link?: string | Buffer;
  readonly type?: string;
  readonly mode?: string;
  /** As it stands in the field: octal digits or whatever a hostile writer puts there. */
  readonly size?: string | Buffer;
  readonly mtime?: string | Buffer;
  readonly magic?: string;
  readonly checksum?: string;
  readonly at482?: number;
}

/** One header block, with a right checksum unless one is given. */
export function tarHeader(header: RawHeader): Buffer {
  const block = Buffer.alloc(512);
  const put = (value: string | Buffer, at: number) =>
    Buffer.from(typeof value === "string" ? Buffer.from(value, "utf8") : value).copy(block, at);
  put(header.name ?? "file", 0);
  put(header.mode ?? "0000644\0", 100);
  put("0047040\0", 108);
  put("0047040\0", 116);
  put(header.size ?? octal(0), 124);
  put(header.mtime ?? octal(1_700_000_000), 136);
  put(header.type ?? "0", 156);
  put(header.link ?? "", 157);
  put(header.magic ?? "ustar\x0000", 257);
  put(header.prefix ?? "", 345);
  if (header.at482 !== undefined) block[482] = header.at482;
  block.fill(32, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(header.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** A whole entry: header, content, padding. */
export function tarEntry(header: RawHeader, content: string | Buffer = ""): Buffer {
  const bytes = Buffer.from(content);
  const block = tarHeader({ size: octal(bytes.length), ...header });
  return Buffer.concat([block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** A pax record and the entry that it speaks of. */
export function paxEntry(
  records: Readonly<Record<string, string | Buffer>>,
  header: RawHeader = {},
  content: string | Buffer = "",
): Buffer {
  const lines = Object.entries(records).map(([key, value]) => paxLine(key, value));
  return Buffer.concat([
    tarEntry({ name: "pax", type: "x" }, Buffer.concat(lines)),
    tarEntry(header, content),
  ]);
}

/** One line of a pax record, its length included in itself. */
export function paxLine(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** The end mark of a tar. */
export const tarEndMark = Buffer.alloc(1_024);

export function octal(value: number): string {
  return `${value.toString(8).padStart(11, "0")}\0`;
}

/** The bytes in chunks of one size, as a stream. */
export async function* inChunks(bytes: Buffer, size = 4_096): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
