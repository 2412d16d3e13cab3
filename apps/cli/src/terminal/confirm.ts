import type { ReadStream } from "node:tty";
import type { CommandContext } from "../command-context.ts";
import { Interrupted } from "../interrupts.ts";
import { askForKey } from "./ask-for-key.ts";

/**
 * Asks on the terminal; anything but `y` is a no. Where nobody sits before one, who wrote the command has said yes. Throws
 * an Interrupted on Ctrl-C and where the process is asked to stop.
 */
export async function confirm(
  { surroundings: { stdin }, screen, interrupts: { stop } }: CommandContext,
  question: string,
): Promise<boolean> {
  if (!stdin.isTTY || !screen.err.isTTY) return true;
  await screen.err.write(`${question} [y/N] `);
  const key = await nextKey(stdin, stop);
  await screen.err.write(`${key === "y" ? "y" : "n"}\n`);
  if (key === "\u0003") throw new Interrupted("SIGINT");
  return key === "y";
}

function nextKey(stdin: ReadStream, stop: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (tell: () => void) => {
      stop.removeEventListener("abort", leave);
      asked.close();
      tell();
    };
    // safety: it is an Interrupted.
    const leave = () => settle(() => reject(stop.reason as Error));
    const asked = askForKey(stdin, (key) => settle(() => resolve(key)));
    stop.addEventListener("abort", leave, { once: true });
  });
}
