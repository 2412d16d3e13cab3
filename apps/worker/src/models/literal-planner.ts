import { type Step, steps } from "@longshore/shared/contracts/step";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { type FencedBlock, readFencedBlocks } from "./fenced-blocks.ts";
import { planFaults } from "./plan-faults.ts";

const shells: ReadonlySet<string> = new Set(["sh", "bash", "shell"]);
const pythons: ReadonlySet<string> = new Set(["python", "py"]);

/**
 * The plan that a prompt spells out: its fenced sh, bash, shell, python and py blocks, in order, each as one Step.
 * Blocks of other languages and empty ones are left out. Null where there is nothing to run; a failure says what is
 * over the limits of a plan.
 */
export function planLiterally(prompt: string): Result<readonly Step[] | null, string> {
  const planned = readFencedBlocks(prompt).flatMap(toStep);
  if (planned.length === 0) return succeed(null);
  const read = steps.safeParse(planned);
  return read.success
    ? succeed(read.data)
    : fail(`The code blocks of the prompt are no plan: ${planFaults(read.error.issues).join("; ")}`);
}

function toStep({ language, content }: FencedBlock): readonly object[] {
  if (content.trim() === "") return [];
  if (shells.has(language)) return [{ kind: "shell", command: content }];
  if (pythons.has(language)) return [{ kind: "python", code: content }];
  return [];
}
