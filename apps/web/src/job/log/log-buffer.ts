import type { LogLine } from "@longshore/client";
import { createPage, type LogPage } from "./log-page.ts";
import type { LogRow } from "./log-row.ts";
import { createPageMemory, type PageMemoryLimits } from "./page-memory.ts";
import { createSections, type Section } from "./sections.ts";

export interface LogBufferLimits extends PageMemoryLimits {
  /** Rows of a page. */
  readonly pageRows: number;
}

export interface LogBufferDeps extends Partial<LogBufferLimits> {
  /** Lines after `after`, `count` of them, for a page that is in memory no more. */
  readonly load: (after: number, count: number) => Promise<readonly LogLine[]>;
  /** Called when a page is there again, or could not be had. */
  readonly onLoaded: () => void;
}

/** A job's log: all its rows have a place, and as many as fit are in memory. The others are fetched when they are looked at. */
export interface LogBuffer {
  /** Takes the next line, of the turn that is now. */
  append(line: LogLine, turn: number): void;
  count(): number;
  /** The row of this place; null where it is being fetched. */
  row(place: number): LogRow | null;
  /** The row of this place where it is in memory, which changes nothing. */
  peek(place: number): LogRow | null;
  /** The output of a turn's step: where its rows lie. */
  section(turn: number, step: number): Section | null;
  /** Rows that are in memory. */
  resident(): number;
}

const usual: LogBufferLimits = { pageRows: 1_000, mostPages: 200, mostCharacters: 48_000_000 };

/** An empty one. Lines are to be appended in order, each once. */
export function createLogBuffer({ load, onLoaded, ...given }: LogBufferDeps): LogBuffer {
  const { pageRows, mostPages, mostCharacters } = { ...usual, ...given };
  const pages: LogPage[] = [];
  const sections = createSections();
  const memory = createPageMemory(pages, { mostPages, mostCharacters });
  let count = 0;
  let lastSeq = 0;

  const fetchPage = (page: LogPage) => {
    if (page.isLoading) return;
    page.isLoading = true;
    load(page.after, page.lines)
      .then((lines) => {
        page.refill(lines);
        memory.touch(page);
        memory.makeRoom();
      })
      // It is asked for again when somebody looks at it again; the page says meanwhile that it is not there.
      .catch(() => undefined)
      .finally(() => {
        page.isLoading = false;
        onLoaded();
      });
  };
  const peek = (place: number) => pages[Math.floor(place / pageRows)]?.rows?.[place % pageRows] ?? null;
  return {
    peek,
    section: (turn, step) => sections.find(turn, step),
    count: () => count,
    resident: memory.rows,
    append: (line, turn) => {
      let page = pages.at(-1);
      if (page === undefined || !page.joins(line, pageRows)) {
        page = createPage(lastSeq);
        pages.push(page);
        memory.touch(page);
        memory.makeRoom();
      }
      lastSeq = line.seq;
      const place = (pages.length - 1) * pageRows + page.append(line);
      count = Math.max(count, place + 1);
      sections.note(line, turn, place);
    },
    row: (place) => {
      const page = pages[Math.floor(place / pageRows)];
      if (page === undefined) return null;
      memory.touch(page);
      if (page.rows === null) fetchPage(page);
      return page.rows?.[place % pageRows] ?? null;
    },
  };
}
