import { type Client, ProblemError } from "@longshore/client";

/** So long a browser may take to begin with what it was given, in ms. */
const beginMs = 60_000;

/** Has the browser save what is at an address, under a name. */
function saveFrom(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

async function saveWhole(answer: Response, name: string): Promise<void> {
  const address = URL.createObjectURL(await answer.blob());
  saveFrom(address, name);
  setTimeout(() => URL.revokeObjectURL(address), beginMs);
}

/** Saves one file of a job's archive. With a key, which a link cannot carry, it passes through the page. */
export async function saveFile(
  client: Pick<Client, "file">,
  hasKey: boolean,
  { jobId, path }: { readonly jobId: string; readonly path: string },
): Promise<void> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!hasKey) return saveFrom(`/jobs/${jobId}/files/${encodeURIComponent(path)}`, name);
  await saveWhole(await client.file(jobId, path), name);
}

/** Saves the whole zip: by a link that needs no key, or through the page where this key may make none. */
export async function saveZip(
  client: Pick<Client, "download" | "downloadLink">,
  hasKey: boolean,
  jobId: string,
): Promise<void> {
  const name = `${jobId}.zip`;
  if (!hasKey) return saveFrom(`/download/${jobId}`, name);
  try {
    const { download_link: link } = await client.downloadLink(jobId);
    saveFrom(link, name);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 403) throw error;
    await saveWhole(new Response(await client.download(jobId)), name);
  }
}
