import { createHash } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { BlobStore } from "@longshore/shared/blob/blob-store";
import { expireLostArchive, listNamedArchives } from "@longshore/shared/db/ledger/named-archives";
import type { NamedArchive } from "@longshore/shared/db/ledger/named-archives";
import { type Check, counted, pageSize, type Suspect, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";

type Loss = "missing" | "of another size" | "of other bytes (its SHA-256 is wrong)";

/** Archives that Jobs name: each is there, whole. What is lost cannot be mended; it can only be said. */
export function checkDownloads(ledger: Pick<Ledger, "sql" | "blobStore" | "archiveFolder" | "deep">): Check {
  const { sql, blobStore, deep } = ledger;
  return {
    name: "downloads",
    advice: "bring the files back from a copy; or --fix, which marks the jobs as expired: they are lost",
    look: async () => {
      let named = 0;
      let missing = 0;
      const lost: { readonly archive: NamedArchive; readonly loss: Loss }[] = [];
      for (let after = ""; ;) {
        const page = await listNamedArchives(sql, after, pageSize);
        for (const archive of page) {
          const loss = await findLoss(blobStore, archive, deep);
          named += 1;
          if (loss === "missing") missing += 1;
          if (loss !== null && lost.length < suspectLimit) lost.push({ archive, loss });
        }
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) break;
        after = last.jobId;
      }
      // Rather is the folder another one, or its file system not mounted, than all of them gone.
      const isOtherFolder = missing === named;
      const suspects = lost.map(({ archive, loss }): Suspect => {
        const suspect = { id: archive.key, what: `${loss}; job ${archive.jobId} names it` };
        return isOtherFolder
          ? {
              ...suspect,
              what: `${suspect.what}; not one is there: is AGENT_OUTPUT_DIR right? If it is, delete the jobs.`,
            }
          : { ...suspect, mend: () => giveUp(ledger, archive) };
      });
      return { holds: `${counted(named, "archive")} to be downloaded${deep ? ", read" : ""}`, suspects };
    },
  };
}

async function findLoss(blobStore: BlobStore, archive: NamedArchive, deep: boolean): Promise<Loss | null> {
  const found = await blobStore.stat(archive.key);
  if (!found.ok) {
    if (found.failure.code === "not_found") return "missing";
    throw new Error(`${archive.key}: ${found.failure.message}`);
  }
  if (found.value.bytes !== archive.bytes) return "of another size";
  if (!deep) return null;
  const opened = await blobStore.open(archive.key);
  if (!opened.ok) return "missing";
  const hash = createHash("sha256");
  // safety: a stream of a file, read without an encoding, gives bytes.
  for await (const chunk of opened.value.stream) hash.update(chunk as Uint8Array);
  return hash.digest("hex") === archive.sha256 ? null : "of other bytes (its SHA-256 is wrong)";
}

/** What is there all the same is set aside and not removed: a person may want to see what is left of it. */
async function giveUp(
  { sql, blobStore, archiveFolder }: Pick<Ledger, "sql" | "blobStore" | "archiveFolder">,
  archive: NamedArchive,
): Promise<string> {
  if ((await findLoss(blobStore, archive, true)) === null) return `${archive.key} is back: it was left alone`;
  if (!(await expireLostArchive(sql, archive))) return `job ${archive.jobId} names no archive any more`;
  const said = `LOST: the archive of job ${archive.jobId}; the job is marked as expired`;
  const isLeft = (await blobStore.stat(archive.key)).ok;
  if (!isLeft) return said;
  await rename(join(archiveFolder, archive.key), join(archiveFolder, `${archive.key}.damaged`));
  return `${said}; what is left of it is set aside as ${archive.key}.damaged`;
}
