const place = "longshore.keys";

/** Whether keys of one character do something: not where the reader has turned them off in this browser. */
export function areKeysOn(): boolean {
  return localStorage.getItem(place) !== "off";
}

/** Turns them on or off: who dictates, or whose hands hit keys unmeant, would set them off by accident (WCAG 2.1.4). */
export function turnKeys(isOn: boolean): void {
  localStorage.setItem(place, isOn ? "on" : "off");
}
