import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { Sql } from "@longshore/shared/db/connect-database";
import type { MessageLedger } from "@longshore/shared/queue/create-message-ledger";
import type { MessageSender } from "@longshore/shared/queue/create-message-sender";
import type { EngineView } from "./engine-view.ts";

/** Everything in which the service holds something, open to be looked into. */
export interface Ledger {
  readonly sql: Sql;
  readonly messages: MessageLedger;
  readonly sender: Pick<MessageSender, "offer">;
  readonly engine: EngineView;
  readonly blobStore: BlobStore;
  readonly archiveFolder: string;
  /** Below so much (MB of 1,048,576 bytes) on the disk of the archives the service takes no more Jobs. */
  readonly minFreeMb: number;
  /** How long a Lease lasts, as the workers of these settings have it. */
  readonly leaseSeconds: number;
  /** Whether to look at everything, however long that takes. */
  readonly deep: boolean;
}
