// By hours from 0 to 23: `hour12: false` would call the one after midnight 24.
const hours = { hourCycle: "h23" } as const;
const whole = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", ...hours });
const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium", ...hours });
const day = { month: "short", day: "numeric" } as const;
const short = new Intl.DateTimeFormat("en", { ...day, hour: "2-digit", minute: "2-digit", ...hours });
const ofAnotherYear = new Intl.DateTimeFormat("en", { ...day, year: "numeric" });

/** A moment as people say it, in their own time zone: 14:03:20 today, Mar 3, 14:03 this year, Mar 3, 2025 before. */
export function formatMoment(date: Date, now: Date): string {
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  return (date.getFullYear() === now.getFullYear() ? short : ofAnotherYear).format(date);
}

/** All of it, to the second. */
export function formatMomentWhole(date: Date): string {
  return whole.format(date);
}
