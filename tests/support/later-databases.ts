import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";

/** Connections to one database whose clocks are ahead of its own. */
export interface LaterDatabases {
  /** The same database, so much later, e.g. "7 days"; with `maxConnections` connections at most. */
  after(clockShift: string, maxConnections?: number): Database;
  close(): Promise<void>;
}

export function createLaterDatabases({ url }: { readonly url: string }): LaterDatabases {
  const opened: Database[] = [];
  return {
    after: (clockShift, maxConnections = 4) => {
      const later = connectDatabase({ url, maxConnections, applicationName: "later", clockShift });
      opened.push(later);
      return later;
    },
    close: async () => void (await Promise.all(opened.map((each) => each.close()))),
  };
}
