import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { SearchField, Input, Label, ToggleButton } from "react-aria-components";
import { formatCount } from "../../format/count.ts";
import { onKeys } from "../../keyboard/on-keys.ts";
import { ActionButton } from "../../widgets/action-button.tsx";
import { copyText } from "../../widgets/copy-text.ts";
import { lineAddress } from "./line-anchor.ts";
import type { LogSearch } from "./use-log-search.ts";

interface LogToolbarProps {
  readonly search: LogSearch;
  readonly onFound: (place: number) => void;
  readonly isFollowing: boolean;
  /** Null where nothing more comes that could be followed. */
  readonly onFollow: ((isFollowing: boolean) => void) | null;
  readonly wraps: boolean;
  readonly onWrap: (wraps: boolean) => void;
  readonly withTime: boolean;
  readonly onTime: (withTime: boolean) => void;
  /** The line that the address points to. */
  readonly here: number | null;
  /** Brings the error into view; null where there is none. */
  readonly onError: (() => void) | null;
}

/** What can be done with a log: look for a text, follow it, change how it is shown, give a line to somebody. */
export function LogToolbar({ search, onFound, here, onError, ...props }: LogToolbarProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => onKeys({ "/": () => input.current?.focus() }), []);
  const go = (by: 1 | -1) => {
    const place = search.step(by);
    if (place !== null) onFound(place);
  };
  return (
    <div className="log-tools" role="toolbar" aria-label="Log">
      <SearchField
        className="log-search"
        value={search.text}
        onChange={search.setText}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
        }}
      >
        <Label className="visually-hidden">Search the log</Label>
        <Input ref={input} placeholder="Search the log" spellCheck="false" />
      </SearchField>
      <Found search={search} onStep={go} />
      <span className="log-tools-rest">
        {onError === null ? null : <ActionButton onPress={onError}>Jump to the error</ActionButton>}
        {here === null ? null : <CopyLink key={here} line={here} />}
        {props.onFollow === null ? null : (
          <Switch isOn={props.isFollowing} onChange={props.onFollow} name="Follow" />
        )}
        <Switch isOn={props.wraps} onChange={props.onWrap} name="Wrap" />
        <Switch isOn={props.withTime} onChange={props.onTime} name="Times" />
      </span>
    </div>
  );
}

function Found({ search, onStep }: { readonly search: LogSearch; readonly onStep: (by: 1 | -1) => void }) {
  const { found, current } = search;
  if (found === null) return null;
  const { length } = found.places;
  const count = `${String(length)}${found.isMore ? "+" : ""}`;
  const all = found.isMore ? `more than ${formatCount(length, "line")}` : formatCount(length, "line");
  const said = current === null ? all : `${String(current + 1)} of ${count}`;
  return (
    <span className="log-found">
      <span role="status">
        {said}
        {found.unseen > 0 ? `, without ${formatCount(found.unseen, "line")} that are not in memory` : ""}
      </span>
      <ActionButton tone="quiet" aria-label="The one before" onPress={() => onStep(-1)}>
        ↑
      </ActionButton>
      <ActionButton tone="quiet" aria-label="The next one" onPress={() => onStep(1)}>
        ↓
      </ActionButton>
    </span>
  );
}

function CopyLink({ line }: { readonly line: number }) {
  const [said, setSaid] = useState<string | null>(null);
  const copy = () => {
    // Where it may not be copied, the address of the page is the same link.
    void copyText(lineAddress(line)).then((isCopied) =>
      setSaid(isCopied ? "Copied" : "It is in the address bar"),
    );
  };
  return (
    <>
      <ActionButton tone="quiet" onPress={copy}>
        {said ?? `Copy link to line ${String(line)}`}
      </ActionButton>
      {/* Beside the button: in it, it would be no part of its name. */}
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}

interface SwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly name: string;
}

function Switch({ isOn, onChange, name }: SwitchProps) {
  return (
    <ToggleButton className="log-switch" isSelected={isOn} onChange={onChange}>
      {name}
    </ToggleButton>
  );
}
