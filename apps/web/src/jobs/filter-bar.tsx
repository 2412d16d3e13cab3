import type { JobStatus } from "@longshore/client";
import { useEffect, useRef, useState } from "react";
import { onKeys } from "../keyboard/on-keys.ts";
import { Choice } from "../widgets/choice.tsx";
import { type ListFilter, spans, statuses } from "./job-filter.ts";

interface FilterBarProps {
  readonly filter: ListFilter;
  readonly onChange: (filter: ListFilter) => void;
}

/** What is shown of the list. */
export function FilterBar({ filter, onChange }: FilterBarProps) {
  return (
    <search className="filter-bar">
      <SearchField text={filter.text} onChange={(text) => onChange({ ...filter, text })} />
      <Choice
        label="Made"
        options={spans}
        value={filter.span}
        onChange={(span) => onChange({ ...filter, span })}
      />
      <div className="filter-states" role="group" aria-label="States">
        {statuses.map((status) => (
          <StateToggle
            key={status}
            status={status}
            isOn={filter.statuses.includes(status)}
            onChange={(isOn) =>
              onChange({
                ...filter,
                statuses: statuses.filter((each) =>
                  each === status ? isOn : filter.statuses.includes(each),
                ),
              })
            }
          />
        ))}
        {filter.labels.map((label) => (
          <button
            key={label}
            type="button"
            className="filter-toggle"
            aria-pressed="true"
            onClick={() => onChange({ ...filter, labels: filter.labels.filter((each) => each !== label) })}
          >
            {label} <span aria-hidden="true">✕</span>
          </button>
        ))}
      </div>
    </search>
  );
}

interface StateToggleProps {
  readonly status: JobStatus;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function StateToggle({ status, isOn, onChange }: StateToggleProps) {
  return (
    <button type="button" className="filter-toggle" aria-pressed={isOn} onClick={() => onChange(!isOn)}>
      {status}
    </button>
  );
}

const typingPauseMs = 300;

interface SearchFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Searches once the typing pauses, or at Enter; `/` comes here. */
function SearchField({ text, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const [searched, setSearched] = useState(text);
  // It changed by a link, or by going back: what was typed before is not to come back.
  if (searched !== text) {
    setSearched(text);
    setTyped(text);
  }
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => onKeys({ "/": () => input.current?.focus() }), []);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => latest.current(typed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <div className="field">
      <label htmlFor="job-search">Search prompts</label>
      <input
        id="job-search"
        ref={input}
        type="search"
        value={typed}
        maxLength={1_000}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // On to the list: the keys are for it again.
          event.currentTarget.blur();
          onChange(typed);
        }}
      />
    </div>
  );
}
