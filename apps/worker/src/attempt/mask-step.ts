import type { Step } from "@longshore/shared/contracts/step";
import type { SecretMask } from "@longshore/shared/domain/secret-mask";

/** A Step as readers of the Job are shown it: a caller may have written a secret into it all the same. */
export function maskStep(step: Step, mask: SecretMask): Step {
  const named = step.name === undefined ? step : { ...step, name: mask.text(step.name) };
  switch (named.kind) {
    case "shell":
      return { ...named, command: mask.text(named.command) };
    case "python":
      return { ...named, code: mask.text(named.code) };
    case "write_file":
      return { ...named, path: mask.text(named.path), content: mask.text(named.content) };
  }
}
