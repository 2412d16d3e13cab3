import type { Job } from "@longshore/client";

const longest = 120;
const mostNames = 4;

/** What a job is called on its page: how its prompt begins, or what its steps are called. */
export function titleOf({ prompt, plan }: Pick<Job, "prompt" | "plan">): string {
  const first = prompt
    ?.split("\n")
    .find((line) => line.trim() !== "")
    ?.trim();
  if (first !== undefined) return shorten(first);
  const steps = plan?.steps ?? [];
  if (steps.length === 0) return "Job of given steps";
  const names = steps.slice(0, mostNames).map(({ name, kind }) => name ?? kind);
  return shorten(`${names.join(", ")}${steps.length > mostNames ? ", …" : ""}`);
}

const shorten = (text: string) => (text.length > longest ? `${text.slice(0, longest)} …` : text);
