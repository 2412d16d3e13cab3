import { z } from "zod";
import { secretLines, shortestForm } from "../domain/secret-forms.ts";
import { isCleanText } from "./text.ts";

const mostVariables = 64;
const mostValueBytes = 32 * 1024;
// Looking for them costs a worker memory and time: for 64 KiB some 10 MB, and 0.4 s once.
const mostSecretBytes = 64 * 1024;
const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Environment of every Step. */
export const env = variables(() => null).meta({ description: "Environment of every Step." });

/** Environment of every Step that is kept encrypted, shown nowhere, and wiped when the Job ends. */
export const secrets = variables(secretFault)
  .superRefine((given, context) => {
    const bytes = Object.values(given).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
    if (bytes <= mostSecretBytes) return;
    const message = `must have at most ${String(mostSecretBytes)} bytes together`;
    context.addIssue({ code: "custom", message });
  })
  .meta({
    description:
      "Environment of every Step, beside `env`: kept encrypted, never given back, shown as `***` in events, logs and " +
      "results, and wiped when the job ends. At least one line of a value has four characters or more: those are " +
      "masked. Steps, files and `env` of a job with secrets are kept and wiped with them. What a job writes into its output " +
      "files is its own.",
    writeOnly: true,
  });

export type JobSecrets = z.output<typeof secrets>;

// superRefine on the record, and not a key schema, so that the pointer names the variable.
function variables(valueFault: (value: string) => string | null) {
  return z.record(z.string(), z.string()).superRefine((given, context) => {
    const entries = Object.entries(given);
    if (entries.length > mostVariables) {
      const message = `must have at most ${String(mostVariables)} variables`;
      context.addIssue({ code: "custom", message });
    }
    for (const [name, value] of entries) {
      const fault = variableFault(name, value) ?? valueFault(value);
      if (fault !== null) context.addIssue({ code: "custom", path: [name], message: fault });
    }
  });
}

function variableFault(name: string, value: string): string | null {
  if (!nameForm.test(name)) return "must have a name of the form [A-Za-z_][A-Za-z0-9_]{0,127}";
  if (name.startsWith("LONGSHORE_"))
    return "must not start with LONGSHORE_: those names are the service's own";
  if (!isCleanText(value)) return "must not contain NUL or lone surrogates";
  if (Buffer.byteLength(value) > mostValueBytes) return `must have at most ${String(mostValueBytes)} bytes`;
  return null;
}

/** What is shorter would be found, and masked, everywhere. */
function secretFault(value: string): string | null {
  if (secretLines(value).length > 0) return null;
  return `must have a line of at least ${String(shortestForm)} characters, spaces around it not counted: a shorter one could not be masked`;
}
