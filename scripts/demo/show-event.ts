import { eventData } from "@longshore/shared/contracts/event";
import type { EventSourceMessage } from "eventsource-parser";

/** An Event as a line for people; null where it is not worth one. */
export function showEvent({ event, data }: EventSourceMessage): string | null {
  const body: unknown = JSON.parse(data);
  switch (event) {
    case "state": {
      const { status, node } = eventData.state.parse(body);
      return `● ${status}${node === null ? "" : ` · ${node}`}`;
    }
    case "plan": {
      const { source, steps } = eventData.plan.parse(body);
      return `● plan (${source}): ${steps.length} steps`;
    }
    case "model": {
      const { provider, model, outcome } = eventData.model.parse(body);
      return `● model ${provider} ${model}: ${outcome}`;
    }
    case "step": {
      const { index, kind, status, exit_code, duration_ms } = eventData.step.parse(body);
      const ending = duration_ms === null ? "" : `, exit code ${exit_code ?? "none"}, ${duration_ms} ms`;
      return `● step ${index} ${kind}: ${status}${ending}`;
    }
    case "log": {
      const { stream, text } = eventData.log.parse(body);
      return `  ${stream === "stdout" ? "│" : "┆"} ${printable(text)}`;
    }
    default:
      return null;
  }
}

/** What a Job prints must not move the cursor of the terminal that shows it. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => (character === "\t" ? character : "·"));
}
