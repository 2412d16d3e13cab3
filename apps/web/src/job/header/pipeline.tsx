import "./pipeline.css";
import type { PlaceState } from "./pipeline-places.ts";

const said: Readonly<Record<PlaceState["state"], string>> = {
  done: "done",
  current: "now",
  todo: "to come",
  skipped: "not needed",
  stopped: "ended here",
};
const signs: Readonly<Record<PlaceState["state"], string>> = {
  done: "✓",
  current: "●",
  todo: "",
  skipped: "–",
  stopped: "✗",
};

/** Where the job stands on its way from the queue to the archive. */
export function Pipeline({ places }: { readonly places: readonly PlaceState[] }) {
  return (
    <ol className="pipeline" aria-label="Pipeline">
      {places.map(({ place, state }) => (
        <li key={place} data-state={state} aria-current={state === "current" ? "step" : undefined}>
          <span className="pipeline-sign" aria-hidden="true">
            {signs[state]}
          </span>
          {place}
          <span className="visually-hidden">: {said[state]}</span>
        </li>
      ))}
    </ol>
  );
}
