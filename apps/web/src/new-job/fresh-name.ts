/** The name, or the first of `name-2`, `name-3`, … (before its ending) that is not taken. */
export function freshName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let fresh = name;
  for (let number = 2; taken.has(fresh); number += 1) fresh = `${stem}-${String(number)}${ending}`;
  return fresh;
}
