/** The line that a prompt is known by: the first that says something, which a fence around code does not; null where none does. */
export function promptLine(prompt: string | null): string | null {
  const lines = (prompt ?? "").split("\n").map((line) => line.trim());
  return lines.find((line) => line !== "" && !/^(?:`{3}|~{3})/.test(line)) ?? null;
}
