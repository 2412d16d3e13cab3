import {
  agentEgressFrame,
  egressWindowBytes,
  longestAgentEgressLineBytes,
} from "@longshore/shared/contracts/egress-wire";
import type { TakeEgress } from "../sandbox-provider.ts";
import { readFrame } from "./read-frame.ts";

/** Sorts out the lines of an agent that are about connections: those are dealt with at once, and wait for nobody. */
export interface EgressIntake {
  /** True where the line is one of them, and has been taken. */
  take(line: Buffer): boolean;
  /** Gives to `taker` what has come so far and what comes from now on. */
  giveTo(taker: TakeEgress): void;
}

const beginning = Buffer.from('{"type":"egress_');

/** `onBreach` gets a sentence. */
export function createEgressIntake(onBreach: (reason: string) => void): EgressIntake {
  let early: Buffer[] = [];
  let earlyBytes = 0;
  let giveOn: ((line: Buffer) => void) | null = null;

  /** An agent that goes on under another owner does not wait until that one is ready. */
  function keep(line: Buffer): void {
    early.push(line);
    earlyBytes += line.length;
    if (earlyBytes > egressWindowBytes)
      onBreach("The agent asked for connections, and was not given a network.");
  }

  return {
    take(line) {
      if (!line.subarray(0, beginning.length).equals(beginning)) return false;
      // Whatever it holds beside, it is not parsed.
      if (line.length > longestAgentEgressLineBytes)
        onBreach("The agent sent a line of a connection that is too long.");
      else (giveOn ?? keep)(line);
      return true;
    },
    giveTo(taker) {
      giveOn = (line) => {
        const read = readFrame(agentEgressFrame, line);
        if (read.frame === null) onBreach(read.reason);
        else taker(read.frame, line.length + 1, onBreach);
      };
      for (const line of early) giveOn(line);
      early = [];
    },
  };
}
