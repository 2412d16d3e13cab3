export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const place = "longshore.theme";

/** What the reader chose in this browser; as the system has it, where nothing was. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(place);
  return themes.find((theme) => theme === stored) ?? "system";
}

/** Keeps the choice, and shows it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(place, theme);
  applyTheme();
}

/** Shows what was chosen. */
export function applyTheme(): void {
  document.documentElement.dataset["theme"] = chosenTheme();
}
