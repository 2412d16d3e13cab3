import type { System } from "@longshore/client";
import { Moment } from "../widgets/moment.tsx";
import { WideTable } from "../widgets/wide-table.tsx";
import { StateWord } from "./state-word.tsx";

type Worker = System["workers"][number];

/** Who carries jobs out, those heard of last first. */
export function Workers({ workers }: { readonly workers: System["workers"] }) {
  return (
    <section className="panel">
      <h2>Workers</h2>
      {workers.length === 0 ? (
        <p>
          There is none, so that jobs wait. <code>npm run start:worker</code> starts one.
        </p>
      ) : (
        <WideTable
          label="Workers"
          columns={["Worker", "State", "Jobs", "Warm", "Engine", "Models", "Since", "Heard of"]}
        >
          {workers.map((worker) => (
            <WorkerRow key={worker.id} worker={worker} />
          ))}
        </WideTable>
      )}
    </section>
  );
}

function WorkerRow({ worker }: { readonly worker: Worker }) {
  const { name, version, state, running, concurrency, warm, engine, providers } = worker;
  return (
    <tr>
      <th scope="row">
        {name} <span className="muted">{version}</span>
      </th>
      <td>
        <StateWord state={state} />
      </td>
      <td>
        {running} of {concurrency}
      </td>
      <td>{warm === null ? "not known" : `${String(warm.ready)} of ${String(warm.wanted)}`}</td>
      <td>
        <StateWord state={engine.state} /> {engine.reason}
      </td>
      <td>{providers.length === 0 ? "none: code blocks alone" : <Providers providers={providers} />}</td>
      <td>
        <Moment at={worker.started_at} />
      </td>
      <td>
        <Moment at={worker.seen_at} />
      </td>
    </tr>
  );
}

function Providers({ providers }: Pick<Worker, "providers">) {
  return (
    <ul className="providers">
      {providers.map(({ provider, model, circuit, reason }) => (
        <li key={provider}>
          {provider}: {model} <StateWord state={circuit} /> {reason}
        </li>
      ))}
    </ul>
  );
}
