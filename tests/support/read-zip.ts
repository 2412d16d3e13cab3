import { type Entry, fromBuffer, type ZipFile } from "yauzl";

/** A zip's entries by name, in their order. */
export interface ZipContent {
  readonly names: readonly string[];
  bytes(name: string): Buffer;
  text(name: string): string;
  json(name: string): unknown;
}

/** Reads a whole zip, by another library than the one that wrote it. */
export async function readZip(archive: Buffer): Promise<ZipContent> {
  const entries = new Map<string, Buffer>();
  const zip = await open(archive);
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", resolve);
    zip.on("entry", (entry: Entry) => {
      content(zip, entry).then((bytes) => {
        entries.set(entry.fileName, bytes);
        zip.readEntry();
      }, reject);
    });
    zip.readEntry();
  });
  const bytes = (name: string): Buffer => {
    const found = entries.get(name);
    if (found === undefined)
      throw new Error(`the zip has no ${name}, only ${[...entries.keys()].join(", ")}`);
    return found;
  };
  return {
    names: [...entries.keys()],
    bytes,
    text: (name) => bytes(name).toString("utf8"),
    json: (name) => JSON.parse(bytes(name).toString("utf8")) as unknown,
  };
}

function open(archive: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(error);
    });
  });
}

async function content(zip: ZipFile, entry: Entry): Promise<Buffer> {
  if (entry.fileName.endsWith("/")) return Buffer.alloc(0);
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error === null) resolve(opened);
      else reject(error);
    });
  });
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
