import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { type CallerBounds, createCountByCaller } from "../access/count-by-caller.ts";
import { mostBodyBytes } from "./body-limit.ts";

export type NoBodyRoom = "too_much_at_once" | "bodies_full";

/** What is held of one body. */
export interface HeldBody {
  /** So many more bytes of it have come. */
  add(bytes: number): Result<void, NoBodyRoom>;
  /** Nothing of it is held any more. May be called twice. */
  release(): void;
}

/** The bodies that are being received and dealt with, by who sends them. */
export interface BodyRoom {
  hold(caller: string): HeldBody;
}

/** In bytes: four of the largest of one caller, and twice as much together: what is made of a body takes some times its size. */
export const bodyBounds: CallerBounds = { perCaller: 4 * mostBodyBytes, overall: 8 * mostBodyBytes };

/** Counts what has come, and not what is announced, so that who announces much and sends little keeps nobody out. */
export function createBodyRoom(bounds: CallerBounds): BodyRoom {
  const count = createCountByCaller(bounds);
  return {
    hold: (caller) => {
      let held = 0;
      return {
        add: (bytes) => {
          const full = count.add(caller, bytes);
          if (full !== null) return fail(full === "caller_full" ? "too_much_at_once" : "bodies_full");
          held += bytes;
          return succeed(undefined);
        },
        release: () => {
          count.remove(caller, held);
          held = 0;
        },
      };
    },
  };
}
