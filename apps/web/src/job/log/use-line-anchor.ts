import { useCallback, useEffect, useState } from "react";
import { readLineAnchor } from "./line-anchor.ts";

export interface LineAnchor {
  /** The line that the page's address points to, counted from 1; null where it points to none. */
  readonly line: number | null;
  /** How often it was pointed to one: who points to the same again wants to see it again. */
  readonly times: number;
  readonly point: (line: number) => void;
}

/** The line that the page's address points to, as it changes. */
export function useLineAnchor(): LineAnchor {
  const [pointed, setPointed] = useState(() => ({ line: readLineAnchor(location.hash), times: 0 }));
  const pointTo = useCallback(
    (line: number | null) => setPointed(({ times }) => ({ line, times: times + 1 })),
    [],
  );
  useEffect(() => {
    const look = () => pointTo(readLineAnchor(location.hash));
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, [pointTo]);
  const point = useCallback(
    (line: number) => {
      // Replaced and not added: going back leaves the page, and is not a walk through lines.
      history.replaceState(history.state, "", `#L${String(line)}`);
      pointTo(line);
    },
    [pointTo],
  );
  return { ...pointed, point };
}
