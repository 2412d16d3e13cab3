import { InvalidArgumentError } from "commander";
import { readDate } from "./read-date.ts";

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A time, or a span from now, as a time of RFC 3339. Whether that is to come is for the service's clock to say. */
export function readTimeToCome(text: string): string {
  const { count, unit = "" } = /^(?<count>\d{1,5})(?<unit>[hdw])$/.exec(text)?.groups ?? {};
  const ms = count === undefined ? readDate(text) : Date.now() + Number(count) * (unitsMs[unit] ?? 0);
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new InvalidArgumentError("It must be a time, such as 2027-01-31, or a span, such as 12h, 90d or 4w.");
}
