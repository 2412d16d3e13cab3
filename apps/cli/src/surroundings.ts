import type { ReadStream, WriteStream } from "node:tty";

/** What the process was given: only main.ts takes it from Node. */
export interface Surroundings {
  /** Without the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}
