import { type SecretForm, shortestForm } from "./secret-forms.ts";

/** Finds pieces of secrets in text, in a time that does not depend on what the secrets are. */
export interface WindowIndex {
  /** Length of the longest window of a secret that begins at this position; 0 where none does. */
  matchAt(text: string, at: number): number;
}

/** Windows of one length: positions in `forms`, by the hash of what is there; -1 is free. */
interface Table {
  readonly length: number;
  readonly forms: string;
  readonly slots: Int32Array;
}

// Chosen anew in each process: who writes secrets and texts cannot make them collide.
const randomOdd = (): number => Math.floor(Math.random() * 2 ** 30) | 1;
const seed = randomOdd();
const s0 = randomOdd();
const s1 = randomOdd();
const s2 = randomOdd();
const s3 = randomOdd();

/** An index of every window of every form. Eight bytes for each window. */
export function createWindowIndex(forms: readonly SecretForm[]): WindowIndex {
  const windows = forms.reduce((sum, { text, window }) => sum + text.length - window + 1, 0);
  const starts = new Uint8Array(powerAbove(Math.min(Math.max(windows * 8, 4_096), 2 ** 22)));
  const mask = starts.length - 1;
  const lengths = [...new Set(forms.map(({ window }) => window))].toSorted((a, b) => b - a);
  const tables = lengths.map((length) => createTable(length, forms));
  for (const { text, window } of forms)
    for (let at = 0; at + window <= text.length; at += 1) starts[startOf(text, at) & mask] = 1;
  return {
    matchAt: (text, at) => {
      if (at + shortestForm > text.length || starts[startOf(text, at) & mask] === 0) return 0;
      for (const table of tables)
        if (at + table.length <= text.length && holds(table, text, at)) return table.length;
      return 0;
    },
  };
}

/** A hash of the first characters, by which nearly every position is passed over. */
function startOf(text: string, at: number): number {
  const sum =
    Math.imul(text.charCodeAt(at), s0) +
    Math.imul(text.charCodeAt(at + 1), s1) +
    Math.imul(text.charCodeAt(at + 2), s2) +
    Math.imul(text.charCodeAt(at + 3), s3);
  return sum ^ (sum >>> 15);
}

function createTable(length: number, all: readonly SecretForm[]): Table {
  const own = all.filter(({ window }) => window === length).map(({ text }) => text);
  const count = own.reduce((sum, text) => sum + text.length - length + 1, 0);
  const table = { length, forms: own.join(""), slots: new Int32Array(powerAbove(count * 2)).fill(-1) };
  let offset = 0;
  for (const text of own) {
    for (let at = 0; at + length <= text.length; at += 1) insert(table, offset + at);
    offset += text.length;
  }
  return table;
}

function insert({ forms, length, slots }: Table, position: number): void {
  const mask = slots.length - 1;
  for (let slot = hashOf(forms, position, length) & mask; ; slot = (slot + 1) & mask) {
    const there = slots[slot] ?? -1;
    if (there === -1) {
      slots[slot] = position;
      return;
    }
    if (isSame(forms, there, forms, position, length)) return;
  }
}

function holds({ forms, length, slots }: Table, text: string, at: number): boolean {
  const mask = slots.length - 1;
  for (let slot = hashOf(text, at, length) & mask; ; slot = (slot + 1) & mask) {
    const there = slots[slot] ?? -1;
    if (there === -1) return false;
    if (isSame(forms, there, text, at, length)) return true;
  }
}

function hashOf(text: string, at: number, length: number): number {
  let hash = seed;
  for (let position = at; position < at + length; position += 1)
    hash = Math.imul(hash ^ text.charCodeAt(position), s1);
  hash ^= hash >>> 15;
  return Math.imul(hash, s2) ^ (hash >>> 13);
}

function isSame(a: string, from: number, b: string, at: number, length: number): boolean {
  for (let position = 0; position < length; position += 1)
    if (a.charCodeAt(from + position) !== b.charCodeAt(at + position)) return false;
  return true;
}

function powerAbove(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, count)));
}
