import "./turns.css";
import { useMemo } from "react";
import { Moment } from "../../widgets/moment.tsx";
import type { Turn } from "../history/job-history.ts";
import { planText } from "./plan-text.ts";
import { DiffTable } from "./diff-table.tsx";
import { sideBySide } from "./side-by-side.ts";
import type { TurnCode } from "./use-turn-code.ts";

interface TurnsProps {
  readonly turns: readonly Turn[];
  readonly codeOf: (turn: Turn) => TurnCode;
}

/** Every plan that the job had, each beside the one before it. */
export function Turns({ turns, codeOf }: TurnsProps) {
  if (turns.length === 0) return <p className="muted">There is no plan yet.</p>;
  if (turns.length === 1) return <p className="muted">The job had one plan, and none that repaired it.</p>;
  return turns.slice(1).map((turn, place) => {
    const before = turns[place];
    if (before === undefined) return null;
    return <Repair key={turn.number} {...{ before, turn, codeOf }} />;
  });
}

const unknown: TurnCode = { state: "unknown", why: "" };

interface RepairProps extends Pick<TurnsProps, "codeOf"> {
  readonly before: Turn;
  readonly turn: Turn;
}

function Repair({ before, turn, codeOf }: RepairProps) {
  const [left, right] = [codeOf(before), codeOf(turn)];
  // Code beside none would look as if all of it was new.
  const isKnown = left.state === "known" && right.state === "known";
  const leftText = planText(before, isKnown ? left : unknown);
  const rightText = planText(turn, isKnown ? right : unknown);
  const rows = useMemo(() => sideBySide(leftText, rightText), [leftText, rightText]);
  const isNewAttempt = before.attempt !== turn.attempt;
  return (
    <section className="turn">
      <h3>
        Plan {before.number} → plan {turn.number}{" "}
        <span className="muted">
          {isNewAttempt
            ? `attempt ${String(turn.attempt)}, in a fresh sandbox`
            : "repaired after a failed step"}
          , <Moment at={new Date(turn.at).toISOString()} />
        </span>
      </h3>
      {left.state === "unknown" ? <p className="muted">{left.why}</p> : null}
      {rows === null ? (
        <p className="muted">The two have too little in common to be compared.</p>
      ) : (
        <DiffTable rows={rows} names={[`Plan ${String(before.number)}`, `Plan ${String(turn.number)}`]} />
      )}
    </section>
  );
}
