import type { JobEvent } from "@longshore/client";
import type { Colours } from "../terminal/colours.ts";
import { printable } from "../terminal/printable.ts";
import { showCount, showSpan } from "../terminal/show-amounts.ts";

/** What happened, as a line for people; null for what is no news, and for lines of the log. */
export function showEvent(event: JobEvent, { green, red, yellow, dim, bold }: Colours): string | null {
  switch (event.type) {
    case "state": {
      const { status, node, attempt } = event.data;
      if (status === "running" && node !== null) return null;
      return dim(`● ${status}${attempt > 1 ? `, attempt ${String(attempt)}` : ""}`);
    }
    case "plan": {
      const { source, steps } = event.data;
      return `${bold("●")} plan (${source}): ${showCount(steps.length, "step")}`;
    }
    case "model": {
      const { provider, model, outcome, duration_ms } = event.data;
      const line = `model ${provider} ${printable(model)}: ${outcome}, ${showSpan(duration_ms)}`;
      return outcome === "ok" ? `${bold("●")} ${line}` : yellow(`! ${line}`);
    }
    case "step": {
      const { index, kind, status, exit_code, duration_ms } = event.data;
      const name = `step ${String(index)} ${kind}`;
      const span = duration_ms === null ? "" : dim(` (${showSpan(duration_ms)})`);
      if (status === "succeeded") return `${green("✓")} ${name}${span}`;
      if (status === "skipped") return dim(`- ${name}: skipped`);
      if (status !== "failed") return `${bold("●")} ${name}`;
      return `${red("✗")} ${name}: ${exit_code === null ? "killed" : `exit code ${String(exit_code)}`}${span}`;
    }
    case "log":
    case "end":
      return null;
    default:
      // A service that is newer may tell of more.
      return null;
  }
}
