/** What RFC 8187 lets stand in a value (`attr-char`) and encodeURIComponent does not encode, less what it must. */
const encodedToo = /['()*]/g;

/** The value of Content-Disposition by which a browser saves what it gets, under this name (RFC 6266, RFC 8187). */
export function attachment(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll(
    encodedToo,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}
