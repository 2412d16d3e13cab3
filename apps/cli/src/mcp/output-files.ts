import type { ArchiveEntry, Client, Job } from "@longshore/client";

/** What a job left in its workspace; of millions, the first thousands. */
export const mostEntries = 5_000;

/** The files among a job's outputs by their paths in the zip; none where it has no archive, or no longer. */
export async function listOutputs(
  client: Client,
  { job_id, output }: Job,
  signal: AbortSignal,
): Promise<readonly ArchiveEntry[]> {
  if (output === null) return [];
  const found: ArchiveEntry[] = [];
  for await (const entry of client.files(job_id, { signal })) {
    if (entry.kind === "file" && entry.path.startsWith("outputs/")) found.push(entry);
    if (found.length >= mostEntries) break;
  }
  return found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** In words, how many there are beside the first `named`: what comes behind {@link mostEntries} was not read. */
export function countOthers(files: readonly ArchiveEntry[], named: number): string {
  return `${String(files.length - named)}${files.length < mostEntries ? "" : " or more"} others`;
}
