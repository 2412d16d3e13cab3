import type { ZipArchive } from "archiver";

const pieceBytes = 65_536;

interface Engine {
  offset: number;
  write(chunk: Uint8Array | string): boolean;
  end(): unknown;
}

/**
 * Lets archiver's zip engine write in pieces of 64 KiB. By itself it writes each field of each header alone,
 * and the whole directory at once: 18 queued writes an entry, 600 MB of memory for 100,000 entries.
 * The engine is a private field of archiver 8.0.0. Where it is not found, memory is all that is lost.
 */
export function coalesceWrites(zip: ZipArchive): void {
  const engine = engineOf(zip);
  if (engine === null) return;
  const write = engine.write.bind(engine);
  const end = engine.end.bind(engine);
  let waiting: Uint8Array[] = [];
  let bytes = 0;

  const flush = (): boolean => {
    const piece = Buffer.concat(waiting, bytes);
    waiting = [];
    bytes = 0;
    // Its own write() counts the bytes again.
    engine.offset -= piece.length;
    return write(piece);
  };
  engine.write = (chunk) => {
    const added = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    // The engine reads the offset of an entry right after it wrote its header.
    engine.offset += added.length;
    waiting.push(added);
    bytes += added.length;
    return bytes < pieceBytes || flush();
  };
  engine.end = () => {
    flush();
    return end();
  };
}

function engineOf(zip: object): Engine | null {
  const format: unknown = Reflect.get(zip, "_module");
  const engine: unknown = isObject(format) ? Reflect.get(format, "engine") : null;
  return isObject(engine) && isEngine(engine) ? engine : null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isEngine(value: object): value is Engine {
  return (
    "offset" in value &&
    typeof value.offset === "number" &&
    "write" in value &&
    typeof value.write === "function" &&
    "end" in value &&
    typeof value.end === "function"
  );
}
