import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 46rem)");

/** The height of each row, in px: two lines where the page is narrow. As in jobs-page.css. */
export function useRowHeight(): number {
  const isNarrow = useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
  return isNarrow ? 76 : 44;
}
