import { useEffect, useState } from "react";

/** How often what is still growing is drawn anew, in ms. */
const everyMs = 500;

/** The time, in ms since 1970, which goes on while `isRunning`. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
