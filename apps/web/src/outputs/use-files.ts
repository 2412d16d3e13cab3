import type { ArchiveEntry, Client } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../service/use-client.ts";

export interface ListedFiles {
  readonly entries: readonly ArchiveEntry[];
  /** True where the archive has more than are listed here. */
  readonly isMore: boolean;
}

/** Entries that are listed: beyond them a tree is of no use, and the zip is. */
const mostEntries = 20_000;

/** What the archive of a job holds. */
export function useFiles(jobId: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["files", jobId],
    // An archive never changes.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => listFiles(client, jobId, signal),
  });
}

async function listFiles(
  client: Pick<Client, "files">,
  jobId: string,
  signal: AbortSignal,
): Promise<ListedFiles> {
  const entries: ArchiveEntry[] = [];
  for await (const entry of client.files(jobId, { signal })) {
    if (entries.length === mostEntries) return { entries, isMore: true };
    entries.push(entry);
  }
  return { entries, isMore: false };
}
