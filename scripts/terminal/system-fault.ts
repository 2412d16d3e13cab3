import type { SetupFault } from "./setup-fault.ts";

const advices: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full. Free some space on that file system (df -h), then run the command again.",
  EDQUOT: "The disk quota is used up. Free some space, then run the command again.",
  EACCES: "There are no rights to use it. Make it yours (chown), or set DATA_DIR to a folder that is.",
  EPERM: "There are no rights to use it. Make it yours (chown), or set DATA_DIR to a folder that is.",
  EROFS: "That file system is read-only. Set DATA_DIR to a folder that can be written.",
  ENOTDIR: "A file is where a folder should be. Move it away, or set DATA_DIR to another folder.",
};

const messageCodes: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|ENOSPC/i, "ENOSPC"],
  [/disk quota exceeded|EDQUOT/i, "EDQUOT"],
  [/permission denied|EACCES/i, "EACCES"],
  [/operation not permitted|EPERM/i, "EPERM"],
  [/read-only file system|EROFS/i, "EROFS"],
];

/**
 * What a failed system call or program says, with what to do about it.
 *
 * @param doing what was being done, as the start of a sentence: "Preparing /data".
 * @param cause an Error of Node, or what a program printed.
 */
export function systemFault(doing: string, cause: unknown): SetupFault {
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = errorCode(cause) ?? messageCodes.find(([pattern]) => pattern.test(text))?.[1];
  const advice = code === undefined ? undefined : advices[code];
  return {
    what: `${doing} failed: ${text}`,
    advice: advice ?? "Mend what the message says, then run the command again.",
  };
}

/** The `code` of a Node error, such as ENOENT. */
export function errorCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
