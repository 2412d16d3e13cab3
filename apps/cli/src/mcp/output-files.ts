import type { ArchiveEntry, Client, Job } from "@longshore/client";

/** What a job left in its workspace; of millions, the first thousands. */
const mostEntries = 5_000;

/** The files among a job's outputs by their paths in the zip; none where it has no archive. */
export async function listOutputs(
  client: Client,
  { job_id, download_link }: Job,
  signal: AbortSignal,
): Promise<readonly ArchiveEntry[]> {
  if (download_link === null) return [];
  const found: ArchiveEntry[] = [];
  for await (const entry of client.files(job_id, { signal })) {
    if (entry.kind === "file" && entry.path.startsWith("outputs/")) found.push(entry);
    if (found.length >= mostEntries) break;
  }
  return found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
