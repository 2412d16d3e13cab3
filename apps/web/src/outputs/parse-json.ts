/** A file that a job left, as JSON; null where it is none. What is in it is not believed. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
