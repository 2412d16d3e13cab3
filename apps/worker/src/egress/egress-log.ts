import type { Socket } from "node:net";
import { describeTarget, type Target } from "./judge-target.ts";
import { createTrafficCount } from "./traffic-count.ts";

/** Tells in the Job's log what its programs reached, and what they did not. */
export interface EgressLog {
  /** There was no connection. `reason` is a sentence's end. Each is told once, at once; what repeats is counted. */
  denied(target: Target | string, reason: string): void;
  /** The same of hosts in general, in words of our own. */
  deniedAny(whom: string, reason: string): void;
  /** More was begun in a second than so many, and is held to that. Told once. */
  slowed(what: string, perSecond: number): void;
  /** There is a connection. What goes over it is counted. */
  opened(target: Target, socket: Socket): void;
  /** Tells of each host how often it was reached and what went to and fro, since the last time. */
  sumUp(): void;
}

/** A program can make up names without end: so many are told of one by one, and the rest together. */
const mostLines = 100;
const longestText = 300;

/** `say` writes a `system` line. */
export function createEgressLog(say: (line: string) => void): EgressLog {
  const denials = new Map<string, number>();
  const traffic = createTrafficCount(mostLines);
  const slowed = new Set<string>();
  let deniedBeyond = 0;

  function tell(name: string, reason: string): void {
    const text = `network: no connection to ${name}: ${reason}`;
    const before = denials.get(text);
    if (before === undefined && denials.size >= mostLines) {
      deniedBeyond += 1;
      return;
    }
    denials.set(text, before === undefined ? 0 : before + 1);
    if (before === undefined) say(text);
  }

  return {
    denied: (target, reason) =>
      tell(typeof target === "string" ? printable(target) : describeTarget(target), reason),
    deniedAny: tell,
    slowed(what, perSecond) {
      if (slowed.has(what)) return;
      slowed.add(what);
      say(`network: held to ${String(perSecond)} ${what} a second`);
    },
    opened: (target, socket) => traffic.opened(describeTarget(target), socket),
    sumUp() {
      for (const host of traffic.take()) say(`network: ${host}`);
      for (const [text, repeats] of denials) if (repeats > 0) say(`${text} (${String(repeats)} more times)`);
      if (deniedBeyond > 0)
        say(`network: ${String(deniedBeyond)} more attempts, at other hosts, came to nothing`);
      denials.clear();
      deniedBeyond = 0;
    },
  };
}

/** What a program wrote for a host may be anything. */
export function printable(text: string): string {
  return text.slice(0, longestText).replaceAll(/[^\x21-\x7e]/g, "?");
}
