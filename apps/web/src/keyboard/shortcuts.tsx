import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { ActionButton } from "../widgets/action-button.tsx";
import { Window } from "../widgets/window.tsx";
import { KeySwitch } from "./key-switch.tsx";
import { keysForPeople } from "./keys.ts";
import { onKeys } from "./on-keys.ts";

/** The keys that work on every page, and the window that tells all keys. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  useEffect(
    () =>
      onKeys({
        "?": () => setOpen(true),
        n: () => navigate("/new"),
        "g n": () => navigate("/new"),
        "g j": () => navigate("/jobs"),
        "g s": () => navigate("/system"),
      }),
    [navigate],
  );
  return (
    <>
      <ActionButton tone="quiet" aria-label="Keys" onPress={() => setOpen(true)}>
        <kbd aria-hidden="true">?</kbd>
      </ActionButton>
      <Window title="Keys" isOpen={isOpen} onOpenChange={setOpen}>
        <dl className="keys">
          {keysForPeople.map(({ keys, does }) => (
            <div key={keys}>
              <dt>
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <KeySwitch />
      </Window>
    </>
  );
}
