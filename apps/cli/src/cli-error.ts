import { LongshoreError } from "@longshore/client";

/** What a command cannot do as it was asked to, found before or beside the service. */
export class CliError extends LongshoreError {
  override readonly name = "CliError";
  readonly code: CliErrorCode;
  readonly advice: string;

  constructor(code: CliErrorCode, message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.advice = advice;
  }
}

/** `wrong_use`: of the command line or the settings. `local`: of files and the machine. */
export type CliErrorCode = "wrong_use" | "local";

/** For a system call that failed, with what to do about it. */
export function systemError(doing: string, cause: unknown): CliError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return new CliError(
    "local",
    `${doing}: ${message}`,
    advices[code] ?? "Mend what the message says, and try again.",
    {
      cause,
    },
  );
}

const advices: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, or name a place on another one.",
  EDQUOT: "The disk quota is used up: free some space, or name another place.",
  EACCES: "You may not use it: name another place, or get the rights.",
  EPERM: "You may not use it: name another place, or get the rights.",
  EROFS: "That file system cannot be written: name another place.",
  ENOENT: "Look at the path: there is nothing.",
  ENOTDIR: "A file is where a folder should be: name another place.",
  EEXIST: "Something else has that name: name another place.",
  EISDIR: "It is a folder: name a file.",
};
