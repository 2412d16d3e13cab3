/** Where the queue lives. */
export type QueueBackend =
  { readonly type: "redis"; readonly url: string } | { readonly type: "postgres"; readonly url: string };
