import { useState } from "react";
import { formatMebibytes } from "../format/bytes.ts";
import type { JobFile } from "./draft.ts";
import { freshName } from "./fresh-name.ts";
import { bytesOf, mostFileBytes, readLocalFile } from "./read-local-file.ts";
import { useFilesOnPage } from "./use-files-on-page.ts";

export interface AddedFiles {
  /** Adds what was chosen; one of a name that is there takes its place. */
  readonly add: (list: readonly File[]) => void;
  /** Why some are not there; null where nothing is wrong. */
  readonly fault: string | null;
  /** While files are held over the page. */
  readonly isOver: boolean;
}

/** The files of a draft, to which are added those that are dropped on the page or pasted into it, wherever that is. */
export function useAddedFiles(
  files: readonly JobFile[],
  onChange: (files: readonly JobFile[]) => void,
): AddedFiles {
  const [fault, setFault] = useState<string | null>(null);
  const take = async (
    list: readonly File[],
    nameOf: (file: JobFile, taken: ReadonlySet<string>) => string,
  ) => {
    const read = await readAll(list, files);
    setFault(read.fault);
    const taken = new Set(files.map(({ path }) => path));
    const added = read.files.map((file) => {
      const path = nameOf(file, taken);
      taken.add(path);
      return { ...file, path };
    });
    const names = new Set(added.map(({ path }) => path));
    onChange([...files.filter(({ path }) => !names.has(path)), ...added]);
  };
  const add = (list: readonly File[]) => void take(list, ({ path }) => path);

  const isOver = useFilesOnPage({
    onDrop: add,
    // Every picture that is pasted has the same name.
    onPaste: (list) => void take(list, ({ path }, taken) => freshName(path, taken)),
  });
  return { add, fault, isOver };
}

/** Reads what was chosen, beside what is there already. */
async function readAll(
  chosen: readonly File[],
  there: readonly JobFile[],
): Promise<{ readonly files: readonly JobFile[]; readonly fault: string | null }> {
  const sizes = [...there.map(bytesOf), ...chosen.map(({ size }) => size)];
  if (sizes.reduce((sum, size) => sum + size, 0) > mostFileBytes)
    return { files: [], fault: `Files may have ${formatMebibytes(mostFileBytes)} together.` };
  const read = await Promise.allSettled(chosen.map(readLocalFile));
  const files = read.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const unread = chosen.filter((_, index) => read[index]?.status === "rejected").map(({ name }) => name);
  const fault =
    unread.length === 0 ? null : `Not read, as these are folders or are gone: ${unread.join(", ")}.`;
  return { files, fault };
}
