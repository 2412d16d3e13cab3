import { isUtf8 } from "node:buffer";
import { z } from "zod";

export const contentEncoding = z.enum(["utf8", "base64"]);

/** Content of a file as a client sends it, and as it is stored. */
export interface EncodedContent {
  readonly content: string;
  readonly encoding: "utf8" | "base64";
}

const notBase64 = /[^A-Za-z0-9+/]/;
const lastFour = /^[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)$/;

/**
 * True for padded standard base64 (RFC 4648 section 4), the form that Buffer writes. Searches for what does not
 * belong: a repeated group over megabytes overflows the regular expression's stack.
 */
export function isBase64(text: string): boolean {
  if (text === "") return true;
  return text.length % 4 === 0 && lastFour.test(text.slice(-4)) && !notBase64.test(text.slice(0, -4));
}

/** Bytes of the content once decoded. */
export function decodedBytes({ content, encoding }: EncodedContent): number {
  return Buffer.byteLength(content, encoding);
}

/**
 * The same content in a form that jsonb takes: text with NUL or lone surrogates goes as base64 of its UTF-8
 * (a lone surrogate has no UTF-8 and becomes U+FFFD, as in any file).
 */
export function toStorableContent({ content, encoding }: EncodedContent): EncodedContent {
  if (encoding === "base64" || (!content.includes("\0") && content.isWellFormed()))
    return { content, encoding };
  return { content: Buffer.from(content, "utf8").toString("base64"), encoding: "base64" };
}

/**
 * The same content as text, where it is text: bytes that are no UTF-8, or that JSON would write longer than base64 does
 * (control characters), stay base64, so that a request does not outgrow what may be sent.
 */
export function toReadableContent({ content, encoding }: EncodedContent): EncodedContent {
  if (encoding === "utf8") return { content, encoding };
  const bytes = Buffer.from(content, "base64");
  if (!isUtf8(bytes)) return { content, encoding };
  const text = bytes.toString("utf8");
  const isShort = Buffer.byteLength(JSON.stringify(text)) - 2 <= content.length;
  return isShort ? { content: text, encoding: "utf8" } : { content, encoding };
}
