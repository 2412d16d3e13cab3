import type { Stack } from "../support/stack.ts";
import type { OpenPage, Reader } from "../support/open-browser.ts";

/** What all suites of the dashboard share: one service, one browser. */
export interface Bench {
  readonly url: string;
  readonly stack: Stack;
  /** Of two tenants that have nothing to do with each other, of an admin of the first, of who runs the service, and of who may read the owner's jobs alone. */
  readonly keys: {
    readonly owner: string;
    readonly rival: string;
    readonly admin: string;
    readonly operator: string;
    readonly watcher: string;
  };
  /** A page for the owner, unless the reader is another. What goes wrong in it unseen fails the test. */
  open(path: string, reader?: Reader | "nobody"): Promise<OpenPage["page"]>;
  /** Schedules a job of the owner's and gives its id. */
  schedule(body: object): Promise<string>;
  /** Has the test take the service away: that requests do not reach it is then no fault of the page. */
  expectOutage(): void;
  /** Waits for its end. */
  ended(id: string): Promise<void>;
}
