import type { JobEvent } from "@longshore/client";
import { showSpan } from "../terminal/show-amounts.ts";

export interface LiveStatus {
  see(event: JobEvent): void;
  /** What is added to the line, such as that the connection is lost; empty for nothing. */
  remark(text: string): void;
  /** The line as of now. */
  line(): string;
}

/** Where a job is, in one line that grows older. */
export function createLiveStatus(): LiveStatus {
  const began = Date.now();
  let [where, step, steps, remark] = ["queued", 0, 0, ""];
  return {
    see: (event) => {
      if (event.type === "state") where = event.data.node ?? event.data.status;
      if (event.type === "plan") steps = event.data.steps.length;
      if (event.type === "step") step = event.data.index;
    },
    remark: (text) => (remark = text),
    line: () => {
      const place = steps === 0 || step === 0 ? "" : ` · step ${String(step)} of ${String(steps)}`;
      return `${where}${place} · ${showSpan(Date.now() - began)}${remark === "" ? "" : ` · ${remark}`}`;
    },
  };
}
