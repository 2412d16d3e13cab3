/** What the audit trail tells of. */
export const auditActions = [
  "key.created",
  "key.revoked",
  "key.used",
  "key.refused",
  "job.cancelled",
  "job.deleted",
  "job.shared",
  "archive.downloaded",
  "tenant.limited",
] as const;

export type AuditAction = (typeof auditActions)[number];

/** What else there is to say, in flat pairs: for people, and nothing is decided by it. */
export type AuditDetails = Readonly<Record<string, string | number | null>>;
