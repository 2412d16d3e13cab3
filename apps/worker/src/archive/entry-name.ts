import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";

const longestPathBytes = 4_096;

/** Names in the path of what is taken, its own included. */
export const mostSegments = 100;
/** Why what has more of them is not. */
export const tooDeep = `it is more than ${String(mostSegments)} folders deep`;

/** Longest name of a file or folder that every file system takes, in bytes of UTF-8. */
export const longestSegmentBytes = 255;

const slash = 0x2f;

// What some system forbids, hides, or reads as something else: separators and wildcards of Windows, controls,
// and what is invisible or turns the direction of the text. Variation selectors are part of common emoji and stay.
const unsafeCharacter =
  /[%\\:*?"<>|]|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?![\u{FE00}-\u{FE0F}])\p{Default_Ignorable_Code_Point}/u;
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)[ ]*(?:\.|$)/i;

/**
 * Splits the path of a tar entry into its segments, relative to /workspace. An empty list is /workspace
 * itself. The failure is the sentence that says why nothing can be stored under such a path.
 */
export function splitEntryPath(raw: Buffer): Result<readonly Buffer[], string> {
  if (raw.length === 0) return fail("its path is empty");
  if (raw.length > longestPathBytes) return fail(`its path is over ${String(longestPathBytes)} bytes`);
  if (raw.includes(0)) return fail("its path has a NUL");
  if (raw[0] === slash) return fail("its path is absolute");
  const segments = splitAtSlashes(raw);
  if (segments[0]?.toString("latin1") === ".") segments.shift();
  if (segments.at(-1)?.length === 0) segments.pop();
  if (segments.length > mostSegments) return fail(tooDeep);
  for (const segment of segments) {
    if (segment.toString("latin1") === "..") return fail("its path has ..");
    if (segment.length === 0 || segment.toString("latin1") === ".")
      return fail("its path has an empty or . segment");
    if (segment.length > longestSegmentBytes)
      return fail(`its path has a segment over ${String(longestSegmentBytes)} bytes`);
  }
  return succeed(segments);
}

/** Splits at every slash, empty segments included. */
export function splitAtSlashes(raw: Buffer): Buffer[] {
  const segments: Buffer[] = [];
  let start = 0;
  for (let at = raw.indexOf(slash); at !== -1; at = raw.indexOf(slash, start)) {
    segments.push(raw.subarray(start, at));
    start = at + 1;
  }
  segments.push(raw.subarray(start));
  return segments;
}

/**
 * One segment of a path in a form that is safe and means the same on Windows, macOS and Linux: what is not,
 * is written as %XX, byte by byte, and so are %, and ~ before a digit, which marks names that collided.
 * Different bytes give different names, and `decodeSegment` gives the bytes back.
 */
export function encodeSegment(raw: Buffer): string {
  const text = raw.toString("latin1");
  if (/^[A-Za-z0-9_-][A-Za-z0-9_.-]*[A-Za-z0-9_-]$/.test(text) && !device.test(text)) return text;
  const safe = decodeCharacters(raw)
    .map((character) =>
      typeof character === "string" && !unsafeCharacter.test(character) ? character : escaped(character),
    )
    .join("")
    .replace(/~(?=[0-9])/g, "%7E")
    .replace(/[. ]$/, escaped);
  return device.test(safe) ? `${escaped(safe.slice(0, 1))}${safe.slice(1)}` : safe;
}

/**
 * The same, and not over 255 bytes with `room` to spare: a longer one is cut, and ends with `%~` and 32 digits
 * of the SHA-256 of its bytes. Those bytes are then told by the manifest alone.
 */
export function fitSegment(raw: Buffer, room = 0): string {
  const safe = encodeSegment(raw);
  if (Buffer.byteLength(safe) + room <= longestSegmentBytes) return safe;
  const digest = createHash("sha256").update(raw).digest("hex").slice(0, 32);
  let head = "";
  let bytes = 0;
  for (const [character] of safe.matchAll(/%[0-9A-F]{2}|./gsu)) {
    bytes += Buffer.byteLength(character);
    if (bytes > 180) break;
    head += character;
  }
  return `${head}%~${digest}`;
}

/** The bytes of a name made by `encodeSegment`, with or without the mark of a collision; null where it was cut. */
export function decodeSegment(name: string): Buffer | null {
  if (name.includes("%~")) return null;
  const pieces = name
    .replace(/~[0-9]+/, "")
    .split(/(%[0-9A-F]{2})/)
    .map((piece) => (/^%[0-9A-F]{2}$/.test(piece) ? Buffer.from(piece.slice(1), "hex") : Buffer.from(piece)));
  return Buffer.concat(pieces);
}

/** Any path at all as safe text, for saying what was not taken. */
export function showPath(raw: Buffer, mostBytes = 1_024): string {
  const shown = splitAtSlashes(raw.subarray(0, mostBytes))
    .map((segment) => encodeSegment(segment))
    .join("/")
    .replace(/^\//, "%2F");
  return raw.length > mostBytes ? `${shown}…` : shown;
}

/** The characters of the bytes, and each byte that is part of none, as a buffer. */
function decodeCharacters(raw: Buffer): (string | Buffer)[] {
  if (isUtf8(raw)) return [...raw.toString("utf8")];
  const characters: (string | Buffer)[] = [];
  for (let at = 0; at < raw.length;) {
    const lead = raw[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const piece = raw.subarray(at, at + length);
    const valid = piece.length === length && isUtf8(piece) && [...piece.toString("utf8")].length === 1;
    characters.push(valid ? piece.toString("utf8") : raw.subarray(at, at + 1));
    at += valid ? length : 1;
  }
  return characters;
}

function escaped(character: string | Buffer): string {
  const bytes = typeof character === "string" ? Buffer.from(character) : character;
  return bytes.toString("hex").toUpperCase().replace(/../g, "%$&");
}
