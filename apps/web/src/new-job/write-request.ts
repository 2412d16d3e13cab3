import type { ScheduleRequest } from "@longshore/client";
import type { Step } from "./draft.ts";

/** A content that is longer is named, and not shown. */
const shownCharacters = 4_000;

/** By curl. */
export function writeCurl(url: string, request: ScheduleRequest): string {
  return [
    `curl ${url}/schedule -H 'content-type: application/json' \\`,
    `  -H "authorization: Bearer $LONGSHORE_API_KEY" -d @- <<'JSON'`,
    JSON.stringify(shown(request), null, 2),
    "JSON",
  ].join("\n");
}

/** By the project's command line; a request with parts that have no option goes in whole. */
export function writeCommand(url: string, request: ScheduleRequest): string {
  const {
    prompt,
    steps = [],
    files = [],
    network,
    limits = {},
    env = {},
    secrets = {},
    metadata = {},
    max_turns: turns,
    max_attempts: attempts,
  } = request;
  const server = `export LONGSHORE_URL=${url} LONGSHORE_API_KEY=lsk_…`;
  // A prompt of a dash alone would be read from stdin.
  if (prompt === "-" || steps.some((step) => !isPlain(step)))
    return [
      server,
      "longshore run --request - <<'JSON'",
      JSON.stringify(shown(request), null, 2),
      "JSON",
    ].join("\n");
  const isLikeOption = prompt?.startsWith("-") === true;
  const pairs = (option: string, values: object) =>
    Object.entries(values).map(([name, value]) => `${option} ${quote(`${name}=${String(value)}`)}`);
  const options = [
    ...(prompt === undefined || isLikeOption ? [] : [quote(prompt)]),
    ...steps.map(
      (step) => `--step ${quote(step.kind === "python" ? `python:${step.code}` : `shell:${codeOf(step)}`)}`,
    ),
    ...files.map(({ path }) => `--file ${quote(path)}`),
    ...(network === undefined
      ? []
      : [`--network ${quote(typeof network === "string" ? network : network.allow.join(","))}`]),
    ...pairs("--limit", limits),
    ...pairs("--env", env),
    // Its value comes from the shell's environment: what is written on a command line, others can read.
    ...Object.keys(secrets).map((name) => `--secret ${quote(name)}`),
    ...pairs("--label", metadata),
    ...(turns === undefined ? [] : [`--max-turns ${String(turns)}`]),
    ...(attempts === undefined ? [] : [`--max-attempts ${String(attempts)}`]),
    // Behind everything else, so that none of it is taken for words of the prompt.
    ...(prompt !== undefined && isLikeOption ? [`-- ${quote(prompt)}`] : []),
  ];
  return [server, ["longshore run", ...options].join(" \\\n  ")].join("\n");
}

/** By the client for TypeScript. */
export function writeClientCode(url: string, request: ScheduleRequest): string {
  return [
    'import { createClient } from "@longshore/client";',
    "",
    `const client = createClient({ url: ${JSON.stringify(url)}, apiKey: process.env.LONGSHORE_API_KEY });`,
    `const job = await client.run(${JSON.stringify(shown(request), null, 2)});`,
    "console.log(job.status, job.failure?.message);",
  ].join("\n");
}

/** Secrets are not shown, and neither are contents of files that nobody would read here. */
function shown(request: ScheduleRequest): ScheduleRequest {
  const { files, secrets } = request;
  return {
    ...request,
    ...(files === undefined
      ? {}
      : { files: files.map((file) => ({ ...file, content: short(file.content) })) }),
    ...(secrets === undefined
      ? {}
      : { secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, "…"])) }),
  };
}

/** What stands there as `…` and has to be put in before it is run: files by their names, secrets by theirs. */
export function leftOut({ files = [], secrets = {} }: ScheduleRequest): readonly string[] {
  return [
    ...files.filter(({ content }) => content !== short(content)).map(({ path }) => `the content of ${path}`),
    ...Object.keys(secrets).map((name) => `the secret ${name}`),
  ];
}

function short(content: string): string {
  return content.length <= shownCharacters ? content : `… ${String(content.length)} characters of the file`;
}

/** Whether the command line can say all of it by `--step`. */
function isPlain(step: Step): boolean {
  return step.kind !== "write_file" && Object.keys(step).length === 2;
}

function codeOf(step: Step): string {
  return step.kind === "shell" ? step.command : "";
}

/** One word for a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
