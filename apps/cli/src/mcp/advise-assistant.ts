import { ConnectionError, type LongshoreError, ProblemError } from "@longshore/client";

/** The next step after an error, for an assistant: it has tools and no shell, and somebody whom it can tell. */
export function adviseAssistant(error: LongshoreError): string {
  if (error instanceof ConnectionError)
    return "Try again in a moment; if that does not help, tell the user that the service has to run at this address.";
  if (!(error instanceof ProblemError)) return error.advice;
  const { status, code, errors, retryAfterSeconds } = error;
  if (status === 401) return "Tell the user: LONGSHORE_API_KEY of this MCP server has to be a valid key.";
  if (status === 403) return "Tell the user: the key of this MCP server may not do this.";
  if (errors.length > 0) return "Change what is named above, and call the tool again.";
  const known = adviceByCode[code];
  if (known !== undefined) return known;
  if (retryAfterSeconds !== null) return `Try again in ${String(retryAfterSeconds)} s.`;
  return error.advice;
}

const adviceByCode: Readonly<Record<string, string>> = {
  job_not_found: "Use a job_id that run_job gave.",
  file_not_found: "job_outputs without a path lists the files.",
  no_archive: "It never ran, so it left nothing: job_status says why.",
  not_finished: "job_status with wait_seconds waits for its end.",
  strange_answer: "Tell the user: LONGSHORE_URL of this MCP server does not lead to Longshore.",
  route_not_found: "Tell the user: LONGSHORE_URL of this MCP server does not lead to Longshore.",
};
