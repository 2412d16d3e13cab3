/** A request that is wrong in one way, and the answer that it is to get. */
export interface WrongRequest {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
  /** A part of the sentence that has to help. */
  readonly says: string | RegExp;
}

const base = { prompt: "x" };
const step = (change: object) => ({ steps: [{ kind: "shell", command: "true", ...change }] });

const invalid = (name: string, body: unknown, pointer: string, says: string | RegExp): WrongRequest => ({
  ...{ name, body, pointer, says },
  ...{ status: 422, code: "invalid_body" },
});

const file = (change: object) => ({ ...base, files: [{ path: "a", content: "", ...change }] });

/** Bodies of POST /schedule, each wrong in one way. */
export const wrongBodies: readonly WrongRequest[] = [
  invalid("neither prompt nor steps", {}, "/prompt", "unless steps"),
  invalid("an empty prompt", { prompt: "" }, "/prompt", "plain language"),
  invalid("a prompt of spaces", { prompt: " \n\t " }, "/prompt", "must not be empty"),
  invalid("a prompt that is a number", { prompt: 3 }, "/prompt", "must be a string"),
  invalid("a prompt of null", { prompt: null }, "/prompt", "must be a string"),
  invalid("a prompt with NUL", { prompt: "a\0b" }, "/prompt", "NUL"),
  invalid("a prompt with a lone surrogate", '{"prompt":"a\\ud800b"}', "/prompt", "lone surrogates"),
  invalid("a prompt of 100,001 characters", { prompt: "é".repeat(100_001) }, "/prompt", "100000 characters"),
  invalid("an array for a body", [], "", "must be an object"),
  invalid("a string for a body", '"x"', "", "must be an object"),
  invalid("null for a body", "null", "", "must be an object"),
  invalid("an unknown field", { ...base, promt: "y" }, "/promt", "check its spelling"),
  invalid("a field with / and ~ in its name", { ...base, "a/b~c": 1 }, "/a~1b~0c", "check its spelling"),
  invalid("__proto__ as a field", '{"prompt":"x","__proto__":{}}', "/__proto__", "cannot be used"),
  invalid(
    "__proto__ as a label",
    '{"prompt":"x","metadata":{"\\u005f_proto__":"y"}}',
    "/metadata/__proto__",
    "cannot",
  ),
  invalid("a mistyped limit", { ...base, limits: { timeout: 5 } }, "/limits/timeout", "check its spelling"),
  invalid(
    "a timeout of 0",
    { ...base, limits: { timeout_seconds: 0 } },
    "/limits/timeout_seconds",
    "at least 1",
  ),
  invalid(
    "a timeout above the server's",
    { ...base, limits: { timeout_seconds: 3_601 } },
    "/limits/timeout_seconds",
    "at most 3600",
  ),
  invalid(
    "a timeout of 1.5",
    { ...base, limits: { timeout_seconds: 1.5 } },
    "/limits/timeout_seconds",
    "whole number",
  ),
  invalid(
    "a timeout as text",
    { ...base, limits: { timeout_seconds: "60" } },
    "/limits/timeout_seconds",
    "must be a number",
  ),
  invalid(
    "a timeout of 1e400",
    '{"prompt":"x","limits":{"timeout_seconds":1e400}}',
    "/limits/timeout_seconds",
    "number",
  ),
  invalid("too many cpus", { ...base, limits: { cpus: 64.5 } }, "/limits/cpus", "at most 4"),
  invalid("too little memory", { ...base, limits: { memory_mb: 63 } }, "/limits/memory_mb", "at least 64"),
  invalid("too few pids", { ...base, limits: { pids: 1 } }, "/limits/pids", "at least 16"),
  invalid("limits that are a list", { ...base, limits: [] }, "/limits", "must be an object"),
  invalid("limits of null", { ...base, limits: null }, "/limits", "must be an object"),
  invalid("max_turns of 21", { ...base, max_turns: 21 }, "/max_turns", "at most 20"),
  invalid("max_attempts of 0", { ...base, max_attempts: 0 }, "/max_attempts", "at least 1"),
  invalid("no steps in steps", { steps: [] }, "/steps", "at least 1"),
  invalid(
    "101 steps",
    { steps: Array(101).fill({ kind: "shell", command: "true" }) },
    "/steps",
    "at most 100",
  ),
  invalid("a step of an unknown kind", { steps: [{ kind: "ruby", code: "1" }] }, "/steps/0/kind", "kind"),
  invalid("a step without a kind", { steps: [{ command: "true" }] }, "/steps/0/kind", "kind"),
  invalid("a step that is text", { steps: ["true"] }, "/steps/0", "must be an object"),
  invalid(
    "a shell step with code",
    { steps: [{ kind: "shell", code: "1" }] },
    "/steps/0/command",
    "is required",
  ),
  invalid("an empty command", step({ command: "" }), "/steps/0/command", "must not be empty"),
  invalid(
    "a command over 1 MiB",
    step({ command: "x".repeat(1_048_577) }),
    "/steps/0/command",
    "1048576 characters",
  ),
  invalid("a command with NUL", step({ command: "a\0" }), "/steps/0/command", "NUL"),
  invalid("a step's timeout of 0", step({ timeout_seconds: 0 }), "/steps/0/timeout_seconds", "at least 1"),
  invalid(
    "continue_on_error as text",
    step({ continue_on_error: "yes" }),
    "/steps/0/continue_on_error",
    "a boolean",
  ),
  invalid("an unknown field of a step", step({ cwd: "/" }), "/steps/0/cwd", "check its spelling"),
  invalid(
    "a file with an absolute path",
    file({ path: "/etc/passwd" }),
    "/files/0/path",
    "drop the leading /",
  ),
  invalid("a file with .. in its path", file({ path: "a/../../b" }), "/files/0/path", "must not contain .."),
  invalid("a file with NUL in its path", file({ path: "a\0b" }), "/files/0/path", "NUL"),
  invalid("a file with an empty path", file({ path: "" }), "/files/0/path", "must not be empty"),
  invalid("a folder for a file", file({ path: "a/" }), "/files/0/path", "not a folder"),
  invalid("a name of 256 bytes", file({ path: "é".repeat(128) }), "/files/0/path", "255 bytes"),
  invalid(
    "content that is no base64",
    file({ content: "%%%", encoding: "base64" }),
    "/files/0/content",
    "base64",
  ),
  invalid(
    "base64 without padding",
    file({ content: "YQ", encoding: "base64" }),
    "/files/0/content",
    "padded",
  ),
  invalid("an unknown encoding", file({ encoding: "hex" }), "/files/0/encoding", '"utf8", "base64"'),
  invalid("a file without content", { ...base, files: [{ path: "a" }] }, "/files/0/content", "is required"),
  invalid(
    "a file given twice",
    {
      ...base,
      files: [
        { path: "a", content: "" },
        { path: "a", content: "" },
      ],
    },
    "/files/1/path",
    "twice",
  ),
  invalid(
    "51 files",
    { ...base, files: Array.from({ length: 51 }, (_, i) => ({ path: `f${String(i)}`, content: "" })) },
    "/files",
    "at most 50",
  ),
  invalid("files over 10 MiB", file({ content: "x".repeat(10_485_761) }), "/files", "10485760 bytes"),
  invalid(
    "a variable of the service's own",
    { ...base, env: { LONGSHORE_JOB: "1" } },
    "/env/LONGSHORE_JOB",
    "the service's own",
  ),
  invalid("a variable with a bad name", { ...base, env: { "A-B": "1" } }, "/env/A-B", "[A-Za-z_]"),
  invalid("a variable with NUL", { ...base, env: { A: "\0" } }, "/env/A", "NUL"),
  invalid("a variable that is a number", { ...base, env: { A: 1 } }, "/env/A", "must be a string"),
  invalid("a variable over 32 KiB", { ...base, env: { A: "x".repeat(32_769) } }, "/env/A", "32768 bytes"),
  invalid(
    "65 variables",
    { ...base, env: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`A${String(i)}`, ""])) },
    "/env",
    "64",
  ),
  invalid(
    "17 labels",
    { ...base, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${String(i)}`, ""])) },
    "/metadata",
    "16 pairs",
  ),
  invalid(
    "a label's key of 65 characters",
    { ...base, metadata: { ["k".repeat(65)]: "" } },
    `/metadata/${"k".repeat(65)}`,
    "1 to 64",
  ),
  invalid(
    "a label's value of 513 characters",
    { ...base, metadata: { a: "v".repeat(513) } },
    "/metadata/a",
    "512",
  ),
  invalid("a network by an unknown name", { ...base, network: "some" }, "/network", '"none"'),
  invalid("the full network", { ...base, network: "full" }, "/network", "ALLOW_FULL_NETWORK"),
  invalid("a network by a number", { ...base, network: 1 }, "/network", '"none"'),
  invalid(
    "a host in upper case",
    { ...base, network: { allow: ["a.b", "A.b"] } },
    "/network/allow/1",
    "lower case",
  ),
  invalid("a host that is a number", { ...base, network: { allow: [7] } }, "/network/allow/0", "string"),
  invalid(
    "65 hosts",
    { ...base, network: { allow: Array.from({ length: 65 }, () => "a.b") } },
    "/network/allow",
    "64",
  ),
  invalid(
    "nesting a million deep",
    `{"prompt":${"[".repeat(500_000)}${"]".repeat(500_000)}}`,
    "",
    "nested deeper than 32",
  ),
];
