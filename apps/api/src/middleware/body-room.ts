import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { mostBodyBytes } from "./body-limit.ts";

/** How many bytes of bodies this process holds at once. */
export interface BodyBounds {
  readonly perCaller: number;
  readonly overall: number;
}

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

/** Four of the largest of one caller, and twice as much together: what is made of a body takes some times its size. */
export const bodyBounds: BodyBounds = { perCaller: 4 * mostBodyBytes, overall: 8 * mostBodyBytes };

/** Counts what has come, and not what is announced, so that who announces much and sends little keeps nobody out. */
export function createBodyRoom({ perCaller, overall }: BodyBounds): BodyRoom {
  const byCaller = new Map<string, number>();
  let all = 0;
  const change = (caller: string, by: number) => {
    const held = (byCaller.get(caller) ?? 0) + by;
    if (held === 0) byCaller.delete(caller);
    else byCaller.set(caller, held);
    all += by;
  };
  return {
    hold: (caller) => {
      let held = 0;
      return {
        add: (bytes) => {
          if ((byCaller.get(caller) ?? 0) + bytes > perCaller) return fail("too_much_at_once");
          if (all + bytes > overall) return fail("bodies_full");
          held += bytes;
          change(caller, bytes);
          return succeed(undefined);
        },
        release: () => {
          change(caller, -held);
          held = 0;
        },
      };
    },
  };
}
