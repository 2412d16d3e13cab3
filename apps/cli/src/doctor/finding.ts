import type { ExitCode } from "../exit-codes.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  /** `note`: it works, but somebody should know. */
  readonly state: "good" | "note" | "bad";
  readonly detail: string;
  readonly nextStep: string | null;
  /** With which the command ends where this is the worst. */
  readonly exitCode: ExitCode;
}

export function good(what: string, detail: string): Finding {
  return { what, state: "good", detail, nextStep: null, exitCode: 0 };
}

export function note(what: string, detail: string, nextStep: string | null = null): Finding {
  return { what, state: "note", detail, nextStep, exitCode: 0 };
}

export function bad(what: string, detail: string, nextStep: string, exitCode: ExitCode): Finding {
  return { what, state: "bad", detail, nextStep, exitCode };
}
