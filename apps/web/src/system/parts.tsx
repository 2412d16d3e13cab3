import type { Components } from "@longshore/client";
import { StateWord } from "./state-word.tsx";

/** What the service is made of, and how each part of it is. */
export function Parts({ components }: { readonly components: Components }) {
  return (
    <section className="panel">
      <h2>Parts</h2>
      <dl className="parts">
        {Object.entries(components).map(([name, { state, reason }]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <StateWord state={state} /> <span className="muted">{reason}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
