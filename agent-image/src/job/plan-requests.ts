import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import { encodeFrame } from "../wire/outbox.ts";
import type { ListedFile } from "../sandbox/list-files.ts";

/** Questions to the worker for a plan, one at a time. */
export interface PlanRequests {
  ask(turn: number): Promise<readonly WireStep[] | null>;
  /** An answer to another question than the open one is an old one, given twice: it is ignored. */
  answer(turn: number, steps: readonly WireStep[] | null): void;
  /** Asks once more what has no answer yet. */
  askAgain(): void;
}

export interface PlanRequestsDeps {
  readonly send: (frame: Buffer) => void;
  readonly listFiles: () => ListedFile[];
}

export function createPlanRequests({ send, listFiles }: PlanRequestsDeps): PlanRequests {
  let open: {
    readonly turn: number;
    readonly frame: Buffer;
    readonly resolve: (steps: readonly WireStep[] | null) => void;
  } | null = null;

  return {
    ask(turn) {
      const frame = encodeFrame({ type: "model_request", turn, files: listFiles() });
      send(frame);
      return new Promise((resolve) => {
        open = { turn, frame, resolve };
      });
    },
    answer(turn, steps) {
      if (open?.turn !== turn) return;
      const { resolve } = open;
      open = null;
      resolve(steps);
    },
    askAgain() {
      if (open !== null) send(open.frame);
    },
  };
}
