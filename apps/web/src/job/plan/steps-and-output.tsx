import { ToggleButton } from "react-aria-components";
import type { JobFeed } from "../feed/create-job-feed.ts";
import type { JobHistory, Turn } from "../history/job-history.ts";
import { JobLog } from "../log/job-log.tsx";
import type { LineAnchor } from "../log/use-line-anchor.ts";
import type { ShownStep } from "./error-line.ts";
import { StepList } from "./step-list.tsx";
import type { TurnCode } from "./use-turn-code.ts";

interface StepsAndOutputProps {
  readonly feed: JobFeed;
  readonly history: JobHistory;
  readonly codeOf: (turn: Turn) => TurnCode;
  readonly shown: ShownStep | null;
  readonly onShow: (step: ShownStep | null) => void;
  readonly now: number;
  readonly anchor: LineAnchor;
  readonly onError: (() => void) | null;
  readonly isLive: boolean;
}

/** The plan, and beside it what its steps print. */
export function StepsAndOutput({ history, codeOf, shown, onShow, now, feed, ...log }: StepsAndOutputProps) {
  const turn = history.turns.find(({ number }) => number === shown?.turn) ?? history.turns.at(-1);
  return (
    <div className="job-steps">
      <div className="job-steps-plan">
        {turn === undefined ? (
          <p className="muted">There is no plan yet.</p>
        ) : (
          <>
            <TurnChoice turns={history.turns} turn={turn} onShow={onShow} />
            <StepList
              turn={turn}
              code={codeOf(turn)}
              shown={shown?.step ?? null}
              onShow={(step) => onShow(step === null ? null : { turn: turn.number, step })}
              now={now}
            />
          </>
        )}
      </div>
      <div className="job-steps-log">
        <JobLog feed={feed} shown={shown} {...log} />
      </div>
    </div>
  );
}

interface TurnChoiceProps extends Pick<StepsAndOutputProps, "onShow"> {
  readonly turns: readonly Turn[];
  readonly turn: Turn;
}

function TurnChoice({ turns, turn, onShow }: TurnChoiceProps) {
  if (turns.length < 2) return null;
  return (
    <div className="job-turns" role="group" aria-label="Plan">
      {turns.map(({ number, steps }) => (
        <ToggleButton
          key={number}
          className="log-switch"
          isSelected={number === turn.number}
          onChange={() => onShow({ turn: number, step: steps[0]?.index ?? 1 })}
        >
          Plan {number}
        </ToggleButton>
      ))}
    </div>
  );
}
