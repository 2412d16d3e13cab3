import { fitSegment } from "./entry-name.ts";

/** Where an entry goes in the Archive. `path` begins with `outputs/` and has no slash at its end. */
export interface PlacedEntry {
  readonly path: string;
  /** False for a folder that is there already. */
  readonly isNew: boolean;
}

interface Folder {
  readonly path: string;
  /** Names that are taken, in the form in which file systems compare them, with the last number given to each. */
  readonly taken: Map<string, number>;
  /** By the segment's bytes, as latin1. */
  readonly folders: Map<string, Folder & { explicit: boolean }>;
}

/**
 * The names of the Archive's entries: no two that any file system would take for one (by case, by Unicode form,
 * by characters it ignores, or as a file and a folder). The first keeps its name, later ones get `~2`, `~3`, …
 * before their extension. It makes at most `mostFolders` folders that had no entry of their own.
 */
export function createEntryTree(mostFolders: number) {
  const root: Folder = { path: "outputs", taken: new Map(), folders: new Map() };
  let implicit = 0;

  const addFolder = (parent: Folder, segment: Buffer, explicit: boolean): Folder & { explicit: boolean } => {
    const folder = {
      path: take(parent, segment),
      taken: new Map<string, number>(),
      folders: new Map(),
      explicit,
    };
    parent.folders.set(segment.toString("latin1"), folder);
    return folder;
  };

  /** Null where there is no room for the folders above it. `segments` are those of `splitEntryPath`, at least one. */
  const place = (segments: readonly Buffer[], kind: "folder" | "other"): PlacedEntry | null => {
    let parent: Folder = root;
    for (const segment of segments.slice(0, -1)) {
      const known = parent.folders.get(segment.toString("latin1"));
      if (known === undefined && ++implicit > mostFolders) return null;
      parent = known ?? addFolder(parent, segment, false);
    }
    const last = segments.at(-1) ?? Buffer.alloc(0);
    if (kind === "other") return { path: take(parent, last), isNew: true };
    const known = parent.folders.get(last.toString("latin1"));
    if (known === undefined) return { path: addFolder(parent, last, true).path, isNew: true };
    const isNew = !known.explicit;
    known.explicit = true;
    return { path: known.path, isNew };
  };
  return { place };
}

export type EntryTree = ReturnType<typeof createEntryTree>;

function take(parent: Folder, segment: Buffer): string {
  const first = fitSegment(segment);
  const key = compared(first);
  let name = first;
  // From the last number on, so that 100,000 entries of one name are not 100,000 searches from the first.
  let number = parent.taken.get(key) ?? 0;
  while (parent.taken.has(compared(name))) {
    number += 1;
    name = numbered(segment, number);
  }
  if (name !== first) parent.taken.set(key, number);
  parent.taken.set(compared(name), 1);
  return `${parent.path}/${name}`;
}

function numbered(segment: Buffer, number: number): string {
  const mark = `~${String(number)}`;
  const name = fitSegment(segment, mark.length);
  const dot = name.lastIndexOf(".");
  // Not in a name that was cut: its end is the digest.
  return dot <= 0 || name.includes("%~") ? name + mark : name.slice(0, dot) + mark + name.slice(dot);
}

/** The widest sense in which a file system takes two names for one. */
function compared(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return name.toLowerCase();
  return name
    .normalize("NFD")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFC");
}
