import { longestWindow, secretForms } from "./secret-forms.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

/** Puts *** in the place of secrets. What is no secret stays as it is. */
export interface SecretMask {
  /** True where there is nothing to mask. */
  readonly isEmpty: boolean;
  text(text: string): string;
  /** The same value with each string in it masked; names of members stay. */
  within<Value>(value: Value): Value;
  /** For a text that comes in pieces; `from` is what another left off with. How it is cut makes no difference. */
  pieces(from?: MaskState): PieceMask;
}

export interface PieceMask {
  /** Gives what is certain. Where `goesOn`, the last characters wait for the next piece. */
  push(text: string, goesOn: boolean): string;
  state(): MaskState;
}

/** What a text in pieces has come to. */
export interface MaskState {
  /** In clear, and not given yet: at most 31 characters. */
  readonly held: string;
  /** So many characters of `held` are known to be of a secret. */
  readonly masked: number;
  /** The last character that was given was of a secret. */
  readonly open: boolean;
}

const stars = "***";
const nothing: MaskState = { held: "", masked: 0, open: false };

/** A mask for these secrets. Each run of characters that are part of a window (see SecretForm) becomes ***. */
export function createSecretMask(secrets: readonly string[]): SecretMask {
  const forms = secrets.flatMap(secretForms);
  if (forms.length === 0) return emptyMask;
  const index = createWindowIndex(forms);
  const text = (given: string): string => advance(index, nothing, given, given.length).out;
  return {
    isEmpty: false,
    text,
    within: (value) => mapStrings(value, text),
    pieces: (from = nothing) => createPieceMask(index, from),
  };
}

/** Masks nothing. */
export const emptyMask: SecretMask = {
  isEmpty: true,
  text: (text) => text,
  within: (value) => value,
  pieces: (from = nothing) => {
    let state = from;
    return {
      push: (text) => {
        const out = state.held + text;
        state = nothing;
        return out;
      },
      state: () => state,
    };
  },
};

function createPieceMask(index: WindowIndex, from: MaskState): PieceMask {
  let state = from;
  return {
    push: (text, goesOn) => {
      const all = state.held + text;
      const certain = goesOn ? wholeCharacters(all, Math.max(0, all.length - longestWindow + 1)) : all.length;
      const { out, left } = advance(index, state, all, certain);
      state = goesOn ? left : nothing;
      return out;
    },
    state: () => state,
  };
}

/** Goes over the first `certain` characters of `all`, of which the beginning was held. */
function advance(
  index: WindowIndex,
  before: MaskState,
  all: string,
  certain: number,
): { readonly out: string; readonly left: MaskState } {
  let { masked, open } = before;
  let out = "";
  let plainFrom = 0;
  for (let at = 0; at < certain; at += 1) {
    const length = index.matchAt(all, at);
    if (length > 0) masked = Math.max(masked, at + length);
    if (at < masked === open) continue;
    if (open) plainFrom = at;
    else out += all.slice(plainFrom, at) + stars;
    open = !open;
  }
  if (!open) out += all.slice(plainFrom, certain);
  return { out, left: { held: all.slice(certain), masked: Math.max(0, masked - certain), open } };
}

/** A cut that does not split a pair of surrogates. */
function wholeCharacters(text: string, end: number): number {
  const unit = text.charCodeAt(end);
  return end > 0 && unit >= 0xdc00 && unit <= 0xdfff ? end - 1 : end;
}

function mapStrings<Value>(value: Value, map: (text: string) => string): Value {
  // safety: strings become strings, and all else keeps its shape.
  return mapUnknown(value, map) as Value;
}

function mapUnknown(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((each: unknown) => mapUnknown(each, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapUnknown(each, map)]));
}
