import { useEffect, useState } from "react";
import { formatDuration } from "../format/duration.ts";

const tickMs = 1_000;

interface ElapsedProps {
  readonly from: string;
  /** Null while it goes on. */
  readonly to: string | null;
}

/** How long something took, or has taken by now. */
export function Elapsed({ from, to }: ElapsedProps) {
  const [now, setNow] = useState(Date.now);
  const isOver = to !== null;
  useEffect(() => {
    if (isOver) return undefined;
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [isOver]);
  return formatDuration((to === null ? now : Date.parse(to)) - Date.parse(from));
}
