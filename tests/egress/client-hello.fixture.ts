export interface HelloOptions {
  readonly serverName: string | null;
  readonly twice?: boolean;
  readonly encrypted?: boolean;
  readonly tooLong?: boolean;
  /** Bytes of the message in one TLS record. */
  readonly recordBytes?: number;
}

const counted = (size: number, bytes: Buffer): Buffer => {
  const head = Buffer.alloc(size);
  head.writeUIntBE(bytes.length, 0, size);
  return Buffer.concat([head, bytes]);
};

const extension = (kind: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([kind >> 8, kind & 255]), counted(2, content)]);

/** A TLS ClientHello with next to nothing in it but what names the host. */
export function clientHello(options: HelloOptions): Buffer {
  const { serverName, twice = false, encrypted = false, tooLong = false, recordBytes = 16_384 } = options;
  const name =
    serverName === null
      ? []
      : [
          extension(
            0,
            counted(2, Buffer.concat([Buffer.from([0]), counted(2, Buffer.from(serverName, "latin1"))])),
          ),
        ];
  const extensions = Buffer.concat([
    extension(0x2a2a, Buffer.alloc(0)),
    ...name,
    ...(twice ? name : []),
    ...(encrypted ? [extension(0xfe0d, Buffer.from([0, 0, 1]))] : []),
  ]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32),
    counted(1, Buffer.alloc(0)),
    counted(2, Buffer.from([0x13, 0x01])),
    counted(1, Buffer.from([0])),
    counted(2, extensions),
  ]);
  // The last extension then leads out of the message.
  if (tooLong) body.writeUInt16BE(extensions.length + 8, body.length - extensions.length - 2);
  const message = Buffer.concat([Buffer.from([1]), counted(3, body)]);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytes)
    records.push(Buffer.from([22, 3, 1]), counted(2, message.subarray(at, at + recordBytes)));
  return Buffer.concat(records);
}
