import { useMemo, useState } from "react";
import { formatCount } from "../../format/count.ts";
import { ActionButton } from "../../widgets/action-button.tsx";
import { readText } from "../read-text.ts";
import type { PreviewProps } from "./preview-props.ts";
import { mostColumns, mostRows, readTable } from "./read-table.ts";

/** Rows that are drawn at once, and then with each asking. */
const grain = 200;

/** A table of comma-separated values. Its cells are text, whatever a spreadsheet would make of them. */
export function TablePreview({ path, bytes, isWhole }: PreviewProps) {
  const table = useMemo(() => readTable(readText(bytes, isWhole), isWhole), [bytes, isWhole]);
  const [shown, setShown] = useState(grain);
  const { head, rows, hiddenColumns, isMore } = table;
  return (
    <>
      <p className="muted">
        {isMore
          ? `The first ${formatCount(rows.length, "row")}${rows.length === mostRows ? "" : " that were fetched"}`
          : formatCount(rows.length, "row")}
        {hiddenColumns > 0
          ? `, ${String(mostColumns)} columns of ${String(mostColumns + hiddenColumns)}`
          : ""}
      </p>
      <div className="table-preview" tabIndex={0} role="region" aria-label={path}>
        <table>
          <thead>
            <tr>
              <th className="table-number">#</th>
              {head.map((cell, at) => (
                <th key={at}>{cell}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, place) => (
              <tr key={place}>
                <td className="table-number">{place + 1}</td>
                {row.map((cell, at) => (
                  <td key={at}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown ? (
        <ActionButton onPress={() => setShown(shown + grain)}>
          Show {Math.min(grain, rows.length - shown)} more rows
        </ActionButton>
      ) : null}
    </>
  );
}
