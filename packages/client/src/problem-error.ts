import { LongshoreError } from "./longshore-error.ts";
import type { Components, Problem } from "./wire.ts";

/** The service answered with a problem (RFC 9457). `message` is its sentence for people. */
export class ProblemError extends LongshoreError {
  override readonly name = "ProblemError";
  readonly code: string;
  readonly advice: string;
  readonly status: number;
  /** What is wrong with which part of the request; pointers are JSON pointers into the body, or `/query/<name>`. */
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  /** After how many seconds the same request may succeed; null where waiting does not help. */
  readonly retryAfterSeconds: number | null;
  /** By which the operator finds the request in the service's log. */
  readonly requestId: string | null;
  /** Of `not_ready`: which part of the service is away, and why. */
  readonly components: Components | null;

  constructor(problem: Problem & { readonly components?: Components }, response: Response) {
    super(problem.detail);
    this.code = problem.code;
    this.status = response.status;
    this.errors = problem.errors ?? [];
    this.components = problem.components ?? null;
    this.retryAfterSeconds = readRetryAfter(response);
    this.requestId = response.headers.get("x-request-id");
    this.advice = adviceFor(this);
  }
}

/** The error that a response that is not 2xx tells. Reads its body. */
export async function toProblemError(response: Response): Promise<ProblemError> {
  const text = await response.text();
  return new ProblemError(readProblem(text) ?? strangeAnswer(response, text), response);
}

function readProblem(text: string): Problem | null {
  try {
    const body: unknown = JSON.parse(text);
    const { code, detail } = (body ?? {}) as Readonly<Record<string, unknown>>; // safety: of anything, fields may be asked for.
    // safety: with a code and a detail it is a problem of the service, whose document says what else is there.
    return typeof code === "string" && typeof detail === "string" ? (body as Problem) : null;
  } catch {
    return null;
  }
}

/** A proxy on the way, or another service: its page is not shown whole. */
function strangeAnswer(response: Response, text: string): Problem {
  const { status, url } = response;
  const said = text.trim().slice(0, 200);
  const detail = leadsElsewhere(response)
    ? `${url} leads on${whereTo(response)}: give the address at which Longshore answers itself`
    : `${url} answered ${String(status)}, and not as Longshore does${said === "" ? "" : `: ${said}`}`;
  return { type: "about:blank", title: "Strange answer", status, detail, code: "strange_answer" };
}

/** Browsers hide everything of an answer that leads on. */
function leadsElsewhere({ type, status, headers }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400 && headers.has("location"));
}

function whereTo({ headers }: Response): string {
  const location = headers.get("location");
  return location === null ? " to another one" : ` to ${location.slice(0, 200)}`;
}

/** The header as seconds from now; it may also be a date. */
function readRetryAfter({ headers }: Response): number | null {
  const given = headers.get("retry-after");
  if (given === null) return null;
  const seconds = /^\d{1,9}$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

const adviceByCode: Readonly<Record<string, string>> = {
  scope_missing: "Use a key with the scope that is named; `npm run keys -- create --scopes …` makes one.",
  host_not_allowed: "Ask the service from its own machine, by localhost, or give it API keys.",
  origin_not_allowed: "Serve the page from the service's own origin, or add yours to CORS_ORIGINS.",
  operator_only: "Ask who runs the service: a key with `admin` of the tenant `local` may.",
  keys_unconfigured:
    "Make the first key on the service's machine: `npm run keys -- create --name … --scopes admin`.",
  key_not_found: "Look it up in the list of keys, which has those of your tenant.",
  key_ambiguous: "Give its id, which the list of keys has.",
  last_admin_key: "Make another one with `admin` first, or say that this one may go all the same.",
  job_not_found: "Look the id up in the list of jobs. With another key, other jobs are there.",
  no_archive: "The job never ran, so it made nothing: look at its failure.",
  not_finished: "Wait for the job's end, or cancel it.",
  expired: "It was removed when its retention was over: run the job again.",
  idempotency_conflict: "Use another key for another request.",
  secrets_unconfigured: "Ask the operator to set SECRETS_KEY, or give no secrets.",
  strange_answer: "Check the address: is it Longshore's, and what is between?",
  not_ready: "Look at which part is away, and why; start a worker where there is none.",
};

function adviceFor({ code, status, errors, retryAfterSeconds, requestId }: ProblemError): string {
  const known = adviceByCode[code];
  if (known !== undefined) return known;
  if (status === 401) return "Give a valid API key; `npm run keys -- create` makes one.";
  if (retryAfterSeconds !== null) return `Try again in ${String(retryAfterSeconds)} s.`;
  if (errors.length > 0) return "Change what is named in `errors`.";
  if (status >= 500) return `Tell the operator the request's id: ${requestId ?? "none was given"}.`;
  return "Change the request as the message says.";
}
