import "./model-calls.css";
import type { Job } from "@longshore/client";
import { formatCost } from "../../format/cost.ts";
import { formatDuration } from "../../format/duration.ts";
import { useAskedRequest } from "../use-asked-request.ts";
import { tellCall } from "./tell-calls.ts";

const whole = new Intl.NumberFormat("en");

/** What was asked of models: each call, what came of it, and the tokens it took. */
export function ModelCalls({ job }: { readonly job: Job }) {
  const { calls, cost, input_tokens: input, output_tokens: output } = job.usage;
  const mostTokens = useAskedRequest(job.job_id).data?.request.limits?.max_tokens ?? null;
  if (calls.length === 0)
    return (
      <p className="muted">
        {job.finished_at === null
          ? "No model has been asked yet."
          : "No model was asked: the steps were given."}
      </p>
    );
  return (
    <>
      <p>
        {whole.format(input + output)} tokens: {whole.format(input)} read, {whole.format(output)} written
        {mostTokens === null ? "" : `, of ${whole.format(mostTokens)} that the job may use`}.{" "}
        {cost === undefined
          ? "What they cost is not known: MODEL_PRICES tells a worker."
          : `They cost ${formatCost(cost)}, by the prices that the service was told.`}
      </p>
      <CallTable calls={calls} />
    </>
  );
}

function CallTable({ calls }: Pick<Job["usage"], "calls">) {
  return (
    <div className="calls" tabIndex={0} role="region" aria-label="Calls of models">
      <table>
        <thead>
          <tr>
            <th>Call</th>
            <th>Model</th>
            <th>What happened</th>
            <th className="calls-number">Time</th>
            <th className="calls-number">Read</th>
            <th className="calls-number">Written</th>
            <th className="calls-number">Cost</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call, place) => (
            <tr key={place} data-outcome={call.outcome === "ok" ? "ok" : "failed"}>
              <td>{place + 1}</td>
              <td>
                {call.model} <span className="muted">{call.provider}</span>
              </td>
              <td>
                {tellCall(call, calls[place - 1] ?? null)} <code className="muted">{call.outcome}</code>
              </td>
              <td className="calls-number">{formatDuration(call.duration_ms)}</td>
              <td className="calls-number">{whole.format(call.input_tokens)}</td>
              <td className="calls-number">{whole.format(call.output_tokens)}</td>
              <td className="calls-number">{call.cost === undefined ? "–" : formatCost(call.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
