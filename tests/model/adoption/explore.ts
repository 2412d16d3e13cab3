import { movesFrom } from "./moves.ts";
import { keyOf, normalForm } from "./normal-form.ts";
import { type Bound, firstState, hasEnded, isBusy, type Rules, type State } from "./state.ts";

export interface Exploration {
  readonly states: number;
  readonly moves: number;
  /** The first thing found that must not be, and the shortest way to it. */
  readonly fault: { readonly what: string; readonly trace: readonly string[] } | null;
}

/** What is wrong with a state; null where all holds. */
function faultOf(state: State, bound: Bound): string | null {
  if (state.broken !== null) return state.broken;
  if (state.ends > 1) return "the terminal status was written twice";
  const busy = state.containers.filter((each) => isBusy(each, bound));
  if (busy.length > 1) return "two containers run steps at once";
  if (hasEnded(state) && busy.length > 0) return "steps run on after the job has ended";
  return null;
}

interface Found {
  readonly state: State;
  readonly from: number;
  readonly by: string;
}

/**
 * Visits every state that can be reached within the bound, nearest first, and holds each to the invariants; then looks
 * whether from each of them an end can still be reached.
 */
export function explore(rules: Rules, bound: Bound): Exploration {
  const found: Found[] = [{ state: firstState(bound), from: -1, by: "" }];
  const known = new Map<string, number>([[keyOf(firstState(bound)), 0]]);
  const edges: number[] = [];
  const traceTo = (index: number): readonly string[] => {
    const trace: string[] = [];
    for (let each = found[index]; each !== undefined && each.from >= 0; each = found[each.from])
      trace.unshift(each.by);
    return trace;
  };
  const result = (fault: string | null, at: number): Exploration => ({
    ...{ states: found.length, moves: edges.length / 2 },
    fault: fault === null ? null : { what: fault, trace: traceTo(at) },
  });
  for (let index = 0; index < found.length; index += 1) {
    const here = found[index];
    if (here === undefined) break;
    const fault = faultOf(here.state, bound);
    if (fault !== null) return result(fault, index);
    for (const { name, next: raw } of movesFrom(here.state, rules, bound)) {
      const next = normalForm(raw, rules);
      const key = keyOf(next);
      let to = known.get(key);
      if (to === undefined) {
        to = found.length;
        known.set(key, to);
        found.push({ state: next, from: index, by: name });
      }
      edges.push(index, to);
    }
  }
  const stuck = findStuck(found, edges);
  return stuck === -1 ? result(null, 0) : result("no end can be reached any more", stuck);
}

/** The first state from which no ended one can be reached; -1 where there is none. `edges` are pairs: from, to. */
function findStuck(found: readonly Found[], edges: readonly number[]): number {
  // The edges by where they lead: the last one of each state, and for each edge the one before it (0: none).
  const lastInto = new Int32Array(found.length);
  const before = new Int32Array(edges.length + 1);
  for (let at = 1; at < edges.length; at += 2) {
    const to = edges[at] ?? 0;
    before[at] = lastInto[to] ?? 0;
    lastInto[to] = at;
  }
  const reaches = new Uint8Array(found.length);
  const waiting: number[] = [];
  const mark = (index: number): void => {
    if (reaches[index] === 1) return;
    reaches[index] = 1;
    waiting.push(index);
  };
  for (const [index, { state }] of found.entries()) if (hasEnded(state)) mark(index);
  for (let to = waiting.pop(); to !== undefined; to = waiting.pop())
    for (let at = lastInto[to] ?? 0; at !== 0; at = before[at] ?? 0) mark(edges[at - 1] ?? 0);
  return reaches.indexOf(0);
}
