import { useState } from "react";
import { ActionButton } from "../widgets/action-button.tsx";
import { chooseTheme, chosenTheme, type Theme, themes } from "./theme.ts";

const signs: Readonly<Record<Theme, string>> = { system: "◐", light: "☀", dark: "☾" };

/** Goes on to the next theme: as the system has it, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  return (
    <ActionButton
      tone="quiet"
      aria-label={`Colours: ${theme}. Change to ${next}`}
      onPress={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <span aria-hidden="true">{signs[theme]}</span>
    </ActionButton>
  );
}
