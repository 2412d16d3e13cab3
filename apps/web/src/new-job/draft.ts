import type { ScheduleRequest } from "@longshore/client";
import { limitFields, type LimitName, tryFields, type TryName } from "./limit-fields.ts";

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
  readonly tries: Readonly<Record<TryName, string>>;
  readonly env: readonly Pair[];
  readonly secrets: readonly Pair[];
  readonly labels: readonly Pair[];
}

/** Nothing yet. */
export const emptyDraft: Draft = {
  prompt: "",
  steps: null,
  files: [],
  network: "none",
  hosts: "",
  limits: toTexts<LimitName>(limitFields, {}),
  tries: toTexts<TryName>(tryFields, {}),
  env: [],
  secrets: [],
  labels: [],
};

/** The request that a draft stands for. What is wrong with it, the service says. */
export function toRequest(draft: Draft): ScheduleRequest {
  const limits = toNumbers<LimitName>(draft.limits);
  return {
    ...(draft.prompt.trim() === "" && draft.steps !== null ? {} : { prompt: draft.prompt }),
    ...(draft.steps === null ? {} : { steps: [...draft.steps] }),
    ...(draft.files.length === 0 ? {} : { files: [...draft.files] }),
    ...(draft.network === "none" ? {} : { network: toNetwork(draft) }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...toNumbers<TryName>(draft.tries),
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
  return {
    prompt: request.prompt ?? "",
    steps: request.steps ?? null,
    files: request.files ?? [],
    network: typeof network === "string" ? network : "allow",
    hosts,
    limits: toTexts<LimitName>(limitFields, limits),
    tries: toTexts<TryName>(tryFields, request),
    env: toPairs(request.env),
    secrets: secretNames.map((name) => ({ name, value: "" })),
    labels: toPairs(request.metadata),
  };
}

/** Numbers as they would be typed: nothing where they are the usual ones. */
function toTexts<Name extends string>(
  fields: readonly { readonly name: Name; readonly usual: number }[],
  values: { readonly [Key in Name]?: number | undefined },
): Readonly<Record<Name, string>> {
  const texts = fields.map(({ name, usual }) => {
    const value: number | undefined = values[name];
    return [name, value === undefined || value === usual ? "" : String(value)] as const;
  });
  // safety: one entry for each field.
  return Object.fromEntries(texts) as Readonly<Record<Name, string>>;
}

/** The numbers that were typed. */
function toNumbers<Name extends string>(
  texts: Readonly<Record<Name, string>>,
): { readonly [Key in Name]?: number } {
  const numbers = Object.entries<string>(texts).flatMap(([name, text]) =>
    text.trim() === "" ? [] : [[name, Number(text)] as const],
  );
  // safety: the names are those of the texts.
  return Object.fromEntries(numbers) as { readonly [Key in Name]?: number };
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
