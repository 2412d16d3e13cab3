import { useState } from "react";
import { areKeysOn, turnKeys } from "./key-choice.ts";

/** Turns the keys of one character on and off. */
export function KeySwitch() {
  const [isOn, setOn] = useState(areKeysOn);
  return (
    <label className="key-switch">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ target: { checked } }) => {
          turnKeys(checked);
          setOn(checked);
        }}
      />{" "}
      Keys of one character do something
    </label>
  );
}
