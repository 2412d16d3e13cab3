import type { ScheduleRequest } from "@longshore/client";
import { limitFields, type LimitName } from "./limit-fields.ts";

export type Step = NonNullable<ScheduleRequest["steps"]>[number];
export type JobFile = NonNullable<ScheduleRequest["files"]>[number];

/** A name and a value, as they are typed. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** A job as it is being described: text as it was typed, empty where the service's own value is to hold. */
export interface Draft {
  readonly prompt: string;
  /** Null where the prompt is to be planned. */
  readonly steps: readonly Step[] | null;
  readonly files: readonly JobFile[];
  readonly network: "none" | "full" | "allow";
  /** Hosts that may be reached, with commas or spaces between. */
  readonly hosts: string;
  readonly limits: Readonly<Record<LimitName, string>>;
  readonly env: readonly Pair[];
  readonly secrets: readonly Pair[];
  readonly labels: readonly Pair[];
}

// safety: one entry for each name of a limit.
const noLimits = Object.fromEntries(limitFields.map(({ name }) => [name, ""])) as Draft["limits"];

/** Nothing yet. */
export const emptyDraft: Draft = {
  prompt: "",
  steps: null,
  files: [],
  network: "none",
  hosts: "",
  limits: noLimits,
  env: [],
  secrets: [],
  labels: [],
};

/** The request that a draft stands for. What is wrong with it, the service says. */
export function toRequest(draft: Draft): ScheduleRequest {
  const limits = limitFields.flatMap(({ name }) => {
    const text = draft.limits[name].trim();
    return text === "" ? [] : [[name, Number(text)] as const];
  });
  return {
    ...(draft.prompt.trim() === "" && draft.steps !== null ? {} : { prompt: draft.prompt }),
    ...(draft.steps === null ? {} : { steps: [...draft.steps] }),
    ...(draft.files.length === 0 ? {} : { files: [...draft.files] }),
    ...(draft.network === "none" ? {} : { network: toNetwork(draft) }),
    ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
    ...pairsOf("env", draft.env),
    ...pairsOf("secrets", draft.secrets),
    ...pairsOf("metadata", draft.labels),
  };
}

/** The draft of a request that was made before; `secretNames` are to be given anew. */
export function toDraft(request: ScheduleRequest, secretNames: readonly string[]): Draft {
  const { network = "none", limits = {} } = request;
  const hosts = typeof network === "string" ? "" : network.allow.join(", ");
  const toPairs = (values: Readonly<Record<string, string>> = {}): readonly Pair[] =>
    Object.entries(values).map(([name, value]) => ({ name, value }));
  const isUsual = (name: LimitName, value: number | undefined) =>
    value === undefined || value === limitFields.find((field) => field.name === name)?.usual;
  return {
    prompt: request.prompt ?? "",
    steps: request.steps ?? null,
    files: request.files ?? [],
    network: typeof network === "string" ? network : "allow",
    hosts,
    // safety: one entry for each name of a limit.
    limits: Object.fromEntries(
      limitFields.map(({ name }) => [name, isUsual(name, limits[name]) ? "" : String(limits[name])]),
    ) as Draft["limits"],
    env: toPairs(request.env),
    secrets: secretNames.map((name) => ({ name, value: "" })),
    labels: toPairs(request.metadata),
  };
}

function toNetwork({ network, hosts }: Draft): NonNullable<ScheduleRequest["network"]> {
  return network === "allow" ? { allow: hosts.split(/[\s,]+/).filter((host) => host !== "") } : network;
}

function pairsOf(
  name: "env" | "secrets" | "metadata",
  pairs: readonly Pair[],
): { readonly [Key in typeof name]?: Record<string, string> } {
  const given = pairs.filter((pair) => pair.name !== "" || pair.value !== "");
  return given.length === 0
    ? {}
    : { [name]: Object.fromEntries(given.map((pair) => [pair.name, pair.value])) };
}
