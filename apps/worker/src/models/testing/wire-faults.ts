import { gzipSync } from "node:zlib";
import type { CallOutcome } from "@longshore/shared/contracts/usage";
import type { ModelProvider } from "../model-provider.ts";
import { answer, type Behaviour, wire } from "./model-server.ts";

type Role = ModelProvider["role"];

/** One way in which a provider fails, and how its call must be recorded. */
export interface ServedFault {
  readonly name: string;
  readonly outcome: CallOutcome;
  /** Found in the reason. */
  readonly says: RegExp;
  readonly behave: (role: Role) => Behaviour;
}

/** Must never be seen outside the request: echoed by the server wherever it says anything. */
export const canaryKeys = {
  primary: "sk-canary-5f2c91e07ab34d",
  fallback: "AIzaCanary-7d1e09bb42c8f6",
} as const;

const echo = (role: Role) =>
  `Incorrect API key provided: ${canaryKeys[role]} (${canaryKeys[role].slice(0, 12)}****8f6)`;
const error = (role: Role, status: number, message: string) => ({
  error: { code: status, message: `${message} ${echo(role)}` },
});
const status =
  (code: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  (role: Role) =>
    answer(code, error(role, code, message), headers);

const refusals = {
  primary: {
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", content: null, refusal: "I cannot." },
      },
    ],
  },
  fallback: { candidates: [{ index: 0, finishReason: "SAFETY" }], promptFeedback: {} },
};

/** Made once: packing it takes longer than a call may last. */
const packed = gzipSync(Buffer.alloc(50_000_000, " "));

/** Sends a head and a first piece of a good answer, and goes on as told. */
function begin(proceed: (response: Parameters<Behaviour>[1]) => void): ServedFault["behave"] {
  return (role) => (_, response) => {
    const body = JSON.stringify(wire[role]('{"steps":[]}'));
    response.writeHead(200, { "content-type": "application/json", "content-length": String(body.length) });
    response.write(body.slice(0, 20), () => proceed(response));
  };
}

/** Row for row what a service on the wire can do wrong. */
export const servedFaults: readonly ServedFault[] = [
  {
    name: "429 with Retry-After",
    outcome: "rate_limited",
    says: /429.* 7 s/,
    behave: status(429, "Slow down.", { "retry-after": "7" }),
  },
  { name: "500", outcome: "server_error", says: /500/, behave: status(500, "Oh.") },
  { name: "503", outcome: "server_error", says: /503/, behave: status(503, "Overloaded.") },
  { name: "a hang", outcome: "timeout", says: /in the time/, behave: () => () => undefined },
  {
    name: "a slow drip",
    outcome: "timeout",
    says: /in the time/,
    behave: begin((response) => {
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    }),
  },
  {
    name: "a cut in mid-body",
    outcome: "connection",
    says: /cut/,
    behave: begin((response) => response.socket?.resetAndDestroy()),
  },
  {
    name: "an end in mid-body",
    outcome: "connection",
    says: /cut/,
    behave: begin((response) => response.socket?.end()),
  },
  {
    name: "a cut before the head",
    outcome: "connection",
    says: /cut/,
    behave: () => (_, response) => void response.socket?.destroy(),
  },
  { name: "an empty 200", outcome: "empty", says: /empty/, behave: () => answer(200, "") },
  { name: "a 204", outcome: "empty", says: /empty/, behave: () => answer(204, "") },
  {
    name: "an answer without text",
    outcome: "empty",
    says: /no text/,
    behave: (role) => answer(200, wire[role]("")),
  },
  {
    name: "HTML with 200",
    outcome: "malformed",
    says: /text\/html/,
    behave: () => answer(200, "<html>login</html>", { "content-type": "text/html; charset=utf-8" }),
  },
  {
    name: "HTML called JSON",
    outcome: "malformed",
    says: /not the JSON/,
    behave: () => answer(200, "<html>login</html>"),
  },
  {
    name: "a wrong content type",
    outcome: "malformed",
    says: /text\/plain/,
    behave: (role) => answer(200, wire[role]("{}"), { "content-type": "text/plain" }),
  },
  {
    name: "invalid JSON",
    outcome: "malformed",
    says: /not the JSON/,
    behave: () => answer(200, '{"choices": ['),
  },
  {
    name: "valid JSON of the wrong schema",
    outcome: "malformed",
    says: /JSON is not/,
    behave: () => answer(200, { hello: ["world"] }),
  },
  { name: "JSON null", outcome: "malformed", says: /not/, behave: () => answer(200, "null") },
  {
    name: "a 10 MB answer",
    outcome: "malformed",
    says: /over 4194304 bytes/,
    behave: (role) => answer(200, wire[role]("x".repeat(10_000_000))),
  },
  {
    name: "50 MB packed into 50 KB",
    outcome: "malformed",
    says: /over 4194304 bytes/,
    behave: () => (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(packed);
    },
  },
  { name: "a refusal", outcome: "refusal", says: /refused/, behave: (role) => answer(200, refusals[role]) },
  { name: "401", outcome: "refused_key", says: /401.*key/, behave: status(401, "Who are you?") },
  { name: "403", outcome: "refused_key", says: /403.*key/, behave: status(403, "Not you.") },
  {
    name: "400 context length",
    outcome: "bad_request",
    says: /maximum context length/,
    behave: status(400, "This model's maximum context length is 10 tokens."),
  },
  {
    name: "404",
    outcome: "bad_request",
    says: /no such model/,
    behave: status(404, "There is no such model."),
  },
  {
    name: "a redirect",
    outcome: "bad_request",
    says: /redirect/,
    behave: () => answer(302, "", { location: "http://127.0.0.1:1/" }),
  },
  {
    name: "a plan of the wrong schema",
    outcome: "invalid_plan",
    says: /\/steps\/0/,
    behave: (role) => answer(200, wire[role]('{"steps":[{"kind":"dance"}]}')),
  },
  {
    name: "prose instead of a plan",
    outcome: "invalid_plan",
    says: /no JSON/,
    behave: (role) => answer(200, wire[role]("Sure, I would run ls.")),
  },
];

/** Addresses where nothing that can be asked is. None of them leaves this machine: a label over 63 bytes is refused by the resolver itself. */
export const unreachable: readonly {
  readonly name: string;
  readonly baseUrl: (url: string) => string;
  readonly says: RegExp;
}[] = [
  { name: "a refused connection", baseUrl: () => "http://127.0.0.1:2", says: /refused/ },
  {
    name: "a name that does not resolve",
    baseUrl: () => `http://${"a".repeat(64)}.localhost`,
    says: /resolved/,
  },
  {
    name: "TLS with a server that speaks none",
    baseUrl: (url) => url.replace("http:", "https:"),
    says: /TLS/,
  },
];
