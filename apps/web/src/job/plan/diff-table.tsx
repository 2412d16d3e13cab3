import type { DiffLine, DiffRow } from "./side-by-side.ts";

interface DiffTableProps {
  readonly rows: readonly DiffRow[];
  /** Of the text on the left, and of the one on the right. */
  readonly names: readonly [string, string];
}

/** Two texts beside each other; what changed is told by words, too, to who does not see it. */
export function DiffTable({ rows, names }: DiffTableProps) {
  return (
    <div className="turn-diff" tabIndex={0} role="region" aria-label={names.join(" and ")}>
      <table>
        <colgroup>
          <col className="turn-number-column" />
          <col />
          <col className="turn-number-column" />
          <col />
        </colgroup>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} colSpan={2}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <Side line={row.left} change={row.isChanged ? "removed" : null} />
              <Side line={row.right} change={row.isChanged ? "added" : null} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({
  line,
  change,
}: {
  readonly line: DiffLine | null;
  readonly change: "removed" | "added" | null;
}) {
  if (line === null) return <td colSpan={2} className="turn-nothing" />;
  return (
    <>
      <td className="turn-number">{line.number}</td>
      <td className={change === null ? "turn-line" : `turn-line turn-${change}`}>
        {change === null ? null : <span className="visually-hidden">{change}: </span>}
        {line.text}
      </td>
    </>
  );
}
