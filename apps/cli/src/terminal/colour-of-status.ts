import type { JobStatus } from "@longshore/client";
import type { Colours } from "./colours.ts";

export function colourOfStatus(status: JobStatus, { green, red, yellow, cyan, dim }: Colours): string {
  const colour = { queued: dim, running: cyan, succeeded: green, failed: red, cancelled: yellow }[status];
  return colour(status);
}
