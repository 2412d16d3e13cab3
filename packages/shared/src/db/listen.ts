import type { Sql } from "./connect-database.ts";

/**
 * Listens on a channel for as long as the connection pool lives, over lost connections too. `onGap` is called whenever
 * notifications may have been missed (at the start and after each reconnect): read again what you care for.
 */
export async function listen(
  sql: Sql,
  channel: string,
  handlers: { readonly onPayload: (payload: string) => void; readonly onGap: () => void },
): Promise<() => Promise<void>> {
  const { unlisten } = await sql.listen(channel, handlers.onPayload, handlers.onGap);
  return unlisten;
}
