import { z } from "zod";

/** One entry of a Job's archive. `media_type` is what its name says; `bytes` is its length when it is unpacked. */
export const archiveEntry = z
  .strictObject({
    path: z.string().meta({ description: "As in the zip; a folder's ends with `/`." }),
    kind: z.enum(["file", "folder", "link"]),
    bytes: z.number().int().min(0),
    media_type: z.string().nullable().meta({ description: "By the name; null for what is no file." }),
  })
  .meta({ id: "ArchiveEntry" });

export type ArchiveEntry = z.output<typeof archiveEntry>;

/** The answer of GET /jobs/{id}/files. */
export const filePage = z
  .strictObject({
    job_id: z.uuid(),
    files: z.array(archiveEntry),
    total: z.number().int().min(0).meta({ description: "Entries of the whole archive." }),
    next_after: z.number().int().min(0).nullable().meta({
      description: "What to ask with next as `after`; null where this page has the last.",
    }),
  })
  .meta({ id: "FilePage" });
