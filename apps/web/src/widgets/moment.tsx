import { formatMoment, formatMomentWhole } from "../format/moment.ts";

/** A moment in the reader's own time zone; the day is left out where it is today. Whole on hover, exact in the mark-up. */
export function Moment({ at }: { readonly at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatMomentWhole(date)}>
      {formatMoment(date, new Date())}
    </time>
  );
}
