import type { LogPage } from "./log-page.ts";

export interface PageMemoryLimits {
  /** Pages that are in memory at once. */
  readonly mostPages: number;
  /** Characters that are in memory at once. */
  readonly mostCharacters: number;
}

/** Below this nothing is dropped: the last page, and the one that is looked at. */
const fewestPages = 2;

/** Which of a log's pages are in memory: those that were looked at last, and the last of all, which still grows. */
export function createPageMemory(pages: readonly LogPage[], { mostPages, mostCharacters }: PageMemoryLimits) {
  let clock = 0;
  const isOver = () => {
    const held = pages.filter(({ rows }) => rows !== null);
    const characters = held.reduce((sum, page) => sum + page.characters, 0);
    return held.length > fewestPages && (held.length > mostPages || characters > mostCharacters);
  };
  const dropOldest = () => {
    const tail = pages.at(-1);
    const candidates = pages.filter((page) => page.rows !== null && page !== tail);
    candidates.toSorted((one, other) => one.touched - other.touched)[0]?.drop();
  };
  return {
    touch: (page: LogPage) => void (page.touched = clock += 1),
    makeRoom: () => {
      while (isOver()) dropOldest();
    },
    rows: () => pages.reduce((sum, { rows }) => sum + (rows?.length ?? 0), 0),
  };
}
