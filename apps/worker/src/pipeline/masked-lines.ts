import { emptyMask, type SecretMask } from "@longshore/shared/domain/secret-mask";
import { createLineMask, type LineMask, type PrintedPiece } from "./line-mask.ts";
import type { ResumeMemory } from "./resume-memory.ts";

/** What a log must not show, and how the part of it that is kept back can be stored. */
export interface LogSecrets {
  readonly mask: SecretMask;
  seal(text: string): string;
  unseal(sealed: string): string | null;
}

/** Of a Job that has none. */
export const noLogSecrets: LogSecrets = {
  mask: emptyMask,
  seal: (text) => text,
  unseal: (sealed) => sealed,
};

/** The lines of an Attempt on their way into the log. */
export interface MaskedLines {
  /** The lines of one frame. */
  take(pieces: readonly PrintedPiece[]): void;
  /** The running Step prints no more. */
  end(): void;
}

/**
 * Masks lines, and remembers what is kept back of them: it is acknowledged to the agent with the rest of its frame, so it
 * is stored with it, sealed, and whoever takes the Attempt over begins with it.
 */
export function createMaskedLines(
  put: (piece: PrintedPiece) => void,
  memory: ResumeMemory,
  { mask, seal, unseal }: LogSecrets,
): MaskedLines {
  const before = memory.state().held;
  const lines: LineMask = createLineMask(mask, put, before === null ? null : unseal(before));
  const keepHeld = (): void => {
    const held = lines.held();
    if (held !== null) memory.change({ held: seal(held) });
    else if (memory.state().held !== null) memory.change({ held: null });
  };
  return {
    take: (pieces) => {
      for (const piece of pieces) lines.take(piece);
      keepHeld();
    },
    end: () => {
      lines.end();
      keepHeld();
    },
  };
}
