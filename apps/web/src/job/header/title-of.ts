import type { Job } from "@longshore/client";
import { promptLine } from "../../format/prompt-line.ts";

const longest = 120;
const mostNames = 4;

/** What a job is called on its page: how its prompt begins, or what its steps are called. */
export function titleOf({ prompt, plan }: Pick<Job, "prompt" | "plan">): string {
  const line = promptLine(prompt);
  if (line !== null) return shorten(line);
  const steps = plan?.steps ?? [];
  if (steps.length === 0) return "Job of given steps";
  const names = steps.slice(0, mostNames).map(({ name, kind }) => name ?? kind);
  return shorten(`${names.join(", ")}${steps.length > mostNames ? ", …" : ""}`);
}

const shorten = (text: string) => (text.length > longest ? `${text.slice(0, longest)} …` : text);
