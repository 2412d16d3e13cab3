import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { examineService } from "../doctor/examine-service.ts";
import type { Finding } from "../doctor/finding.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";

/** `longshore doctor`. */
export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description("looks whether the service is reached, takes your key, and can run jobs; says the next step")
    .action(async () => {
      const { asJson, json, say, end, interrupts, version, screen } = context;
      const settings = await context.settings();
      const findings = await examineService(settings, version, interrupts.stop);
      const worst = findings.find(({ state }) => state === "bad");
      if (worst !== undefined) end(worst.exitCode);
      const next = findings.find(({ nextStep }) => nextStep !== null)?.nextStep ?? null;
      if (asJson())
        return json({
          ok: worst === undefined,
          findings: findings.map(({ what, state, detail, nextStep }) => ({
            what,
            state,
            detail,
            next_step: nextStep,
          })),
          next_step: next,
        });
      for (const finding of findings) await say(line(finding, screen.out.colours));
      await say("");
      await say(next ?? 'All is well. Run something: longshore run --step "echo hello".');
      if (worst === undefined) end(exitCodes.ok);
    });
}

function line(
  { what, state, detail }: Finding,
  { green, red, yellow }: CommandContext["screen"]["out"]["colours"],
): string {
  const mark = { good: green("✓"), note: yellow("!"), bad: red("✗") }[state];
  return `${mark} ${what.padEnd(9)} ${printable(detail)}`;
}
