import "./wide-table.css";
import type { ReactNode } from "react";

interface WideTableProps {
  /** What it holds, for who hears it. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Its rows. */
  readonly children: ReactNode;
}

/** A table that scrolls sideways where the page is narrow: with the focus, by keys. */
export function WideTable({ label, columns, children }: WideTableProps) {
  return (
    <div className="wide-table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
