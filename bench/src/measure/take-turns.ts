/** How often something is measured. */
export interface Turns {
  /** Turns that fill caches and are not counted. */
  readonly warmUps: number;
  readonly count: number;
  readonly stop: AbortSignal;
}

/**
 * Measures contenders in turn, each once a turn, and gives what each gave, in the order of the turns. Who comes first
 * changes from turn to turn: what one leaves behind is met by the other as often as not.
 */
export async function takeTurns<Name extends string, Value>(
  contenders: Readonly<Record<Name, () => Promise<Value>>>,
  { warmUps, count, stop }: Turns,
): Promise<Readonly<Record<Name, readonly Value[]>>> {
  // safety: the keys are those of the record.
  const names = Object.keys(contenders) as Name[];
  // safety: it has every name.
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Value[]>;
  for (let turn = -warmUps; turn < count; turn += 1) {
    for (const name of turn % 2 === 0 ? names : names.toReversed()) {
      stop.throwIfAborted();
      const value = await contenders[name]();
      if (turn >= 0) values[name].push(value);
    }
  }
  return values;
}
