/** Who holds a lock: the process, when it began (so that a reused pid is not believed), and what it told of itself. */
export interface LockOwner {
  readonly pid: number;
  readonly identity?: string | null;
  readonly [detail: string]: unknown;
}
export interface FolderLock {
  /** Gives the lock back; does nothing where somebody else holds it by now. */
  readonly release: () => Promise<void>;
}
export type LockResult =
  { readonly ok: true; readonly value: FolderLock } | { readonly ok: false; readonly failure: LockOwner };
export interface LockWait {
  readonly waitMs: number;
  readonly onWait?: (owner: LockOwner) => void;
  readonly signal?: AbortSignal;
  readonly details?: Readonly<Record<string, string>>;
}
/** Takes the lock file at `path`, or says who holds it. Throws on a system error (no rights, disk full). */
export declare function tryFolderLock(
  path: string,
  details?: Readonly<Record<string, string>>,
): Promise<LockResult>;
/** As `tryFolderLock`, but waits for at most `waitMs`. */
export declare function waitForFolderLock(path: string, wait: LockWait): Promise<LockResult>;
