import type { JobFilter } from "@longshore/shared/db/list-jobs";
import { isJobId } from "@longshore/shared/domain/job-id";
import { createHash } from "node:crypto";

const idBytes = 16;
const digestBytes = 8;

/** Where the next page of a list begins: after this Job, of this filter. Opaque to clients. */
export function encodeCursor(lastJobId: string, filter: JobFilter): string {
  const id = Buffer.from(lastJobId.replaceAll("-", ""), "hex");
  return Buffer.concat([id, digestOf(filter)]).toString("base64url");
}

/** The id of the last Job of the page before, or null where the cursor is none of ours, or was made with another filter. */
export function decodeCursor(cursor: string, filter: JobFilter): string | null {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length !== idBytes + digestBytes || bytes.toString("base64url") !== cursor) return null;
  if (!bytes.subarray(idBytes).equals(digestOf(filter))) return null;
  const id = bytes
    .subarray(0, idBytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return isJobId(id) ? id : null;
}

function digestOf({ statuses, metadata, q, createdAfter, createdBefore }: JobFilter): Buffer {
  const pairs = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const told = [[...new Set(statuses)].toSorted(), pairs, q, createdAfter, createdBefore];
  return createHash("sha256").update(JSON.stringify(told)).digest().subarray(0, digestBytes);
}
