import { InvalidArgumentError } from "commander";

/**
 * A value of --allow-origin, with those before it. What no browser sends would allow nobody, silently, and `null` is the
 * origin of any page that hides its own.
 */
export function readOrigin(text: string, before: readonly string[] = []): readonly string[] {
  if (!isOrigin(text))
    throw new InvalidArgumentError(
      "It must be an origin, with its scheme and without a path, such as https://app.example.org.",
    );
  return [...before, text];
}

/** As browsers send it. Pages of extensions and of programs on the desktop have schemes of their own. */
function isOrigin(text: string): boolean {
  if (/^https?:/i.test(text)) return URL.canParse(text) && new URL(text).origin === text;
  return /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*]+$/.test(text);
}
