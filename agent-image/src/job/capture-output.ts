import { mostSmallOutputBytes } from "@longshore/shared/contracts/agent-wire";
import type { KillAll } from "../sandbox/kill-all.ts";
import { createPipeReader } from "../sandbox/pipe-reader.ts";
import type { ProgramStarter } from "../steps/program-starter.ts";
import { startProgram } from "../steps/start-program.ts";

export interface CaptureDeps {
  readonly env: Readonly<Record<string, string>>;
  readonly killAll: KillAll;
  readonly starter: ProgramStarter;
}

/** Whoever asked has a slower way, on which time and bytes have larger bounds. */
const longestMs = 2_000;

/**
 * What a program prints to stdout, or null where it could not be started, printed more than `mostSmallOutputBytes`, ran
 * for more than 2 s, ended with another exit code than 0, or was ended as `signal` aborted. To be called when nothing of the Steps runs; afterwards
 * nothing of it runs.
 */
export async function captureOutput(
  argv: readonly string[],
  { env, killAll, starter }: CaptureDeps,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const started = await startProgram({ argv, file: null, isPython: false, env: {} }, { env, starter });
  if (!started.ok) return null;
  const { stdoutFd, stderrFd, exited } = started.value;
  const gaveUp = Promise.withResolvers<false>();
  const giveUp = (): void => gaveUp.resolve(false);
  const pieces: Buffer[] = [];
  let bytes = 0;
  const stdout = createPipeReader(stdoutFd, (chunk) => {
    bytes += chunk.length;
    if (bytes > mostSmallOutputBytes) giveUp();
    else pieces.push(Buffer.from(chunk));
    return bytes <= mostSmallOutputBytes;
  });
  const stderr = createPipeReader(stderrFd, () => true);
  const timer = setTimeout(giveUp, longestMs);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  const ended = Promise.all([exited, stdout.ended]).then(([{ code }]) => code === 0);
  const isWhole = await Promise.race([ended, gaveUp.promise]);
  clearTimeout(timer);
  signal.removeEventListener("abort", giveUp);
  if (!isWhole) await killAll();
  stdout.close();
  stderr.close();
  return isWhole ? Buffer.concat(pieces) : null;
}
