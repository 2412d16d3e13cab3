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
  const answered = Promise.withResolvers<string>();
  const asked = askForKey(stdin, answered.resolve);
  const leave = () => answered.reject(stop.reason);
  stop.addEventListener("abort", leave, { once: true });
  try {
    const key = await answered.promise;
    await screen.err.write(`${key === "y" ? "y" : "n"}\n`);
    if (key === "\u0003") throw new Interrupted("SIGINT");
    return key === "y";
  } finally {
    stop.removeEventListener("abort", leave);
    asked.close();
  }
}
