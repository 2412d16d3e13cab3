const whole = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium", hour12: false });
const short = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** A moment in the reader's own time zone; the day is left out where it is today. Whole on hover, exact in the mark-up. */
export function Moment({ at }: { readonly at: string }) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={whole.format(date)}>
      {(isToday ? clock : short).format(date)}
    </time>
  );
}
