import type { Client as Api } from "openapi-fetch";
import type { CallOptions } from "./call-options.ts";
import { dataOf } from "./data-of.ts";
import { downloadArchive, type DownloadDeps } from "./download-archive.ts";
import { fileInPath } from "./file-in-path.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import { idInPath } from "./id-in-path.ts";
import { type FileDeps, openFile } from "./open-file.ts";
import type { ArchiveEntry, DownloadLink } from "./wire.ts";

/** What can be done with what a job has left. */
export interface ArchiveCalls {
  /** The zip, checked against the SHA-256 that the service stored; a broken connection is taken up again. */
  download(id: string, options?: CallOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** What the archive of a job holds. */
  files(id: string, options?: CallOptions): AsyncGenerator<ArchiveEntry, void, undefined>;
  /** One file of it, by the path that `files` tells: read its body, or `response.blob()`, which throws where it breaks off. */
  file(id: string, path: string, options?: CallOptions): Promise<Response>;
  /** A link to the zip that needs no key. */
  downloadLink(
    id: string,
    options?: CallOptions & { readonly expiresInSeconds?: number },
  ): Promise<DownloadLink>;
}

interface ArchiveCallDeps {
  readonly api: Api<paths>;
  readonly streaming: DownloadDeps & FileDeps;
}

/** These calls, of one service. */
export function createArchiveCalls({ api, streaming }: ArchiveCallDeps): ArchiveCalls {
  return {
    files: (id, { signal } = {}) => listFiles(api, id, signal),
    file: async (id, path, { signal } = {}) =>
      openFile(streaming, `jobs/${idInPath(id)}/files/${fileInPath(path)}`, signal),
    download: (id, { signal } = {}) => downloadArchive(streaming, id, signal),
    downloadLink: async (id, { signal, expiresInSeconds } = {}) => {
      const query = expiresInSeconds === undefined ? {} : { expires_in_seconds: expiresInSeconds };
      const params = { path: { id }, query };
      return dataOf(await api.POST("/jobs/{id}/download-link", { params, ...givenSignal(signal) }));
    },
  };
}

const entriesAtATime = 1_000;

/** In the order of the zip; pages are fetched as they are needed. */
async function* listFiles(
  api: Api<paths>,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  for (let after: number | null = 0; after !== null;) {
    const params = { path: { id }, query: { after, limit: entriesAtATime } };
    const page: { readonly files: readonly ArchiveEntry[]; readonly next_after: number | null } = dataOf(
      await api.GET("/jobs/{id}/files", { params, ...givenSignal(signal) }),
    );
    yield* page.files;
    after = page.next_after;
  }
}
