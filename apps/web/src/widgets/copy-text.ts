/** Copies a text; false where the browser does not let it. Over http, but from this machine, pages have no clipboard at all. */
export async function copyText(text: string): Promise<boolean> {
  // safety: its types say that it is always there, and it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    await clipboard?.writeText(text);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}
