import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Counts passed and failed tests; a file that did not load, a hook that threw and an unhandled error count as failed.
 * Writes the totals to `file`, for the command that ran vitest; with no file they are the last line printed.
 */
export function createTotalsReporter(file: string | undefined): Reporter {
  const running = new Set<string>();
  return {
    onTestModuleStart: (module) => void running.add(module.relativeModuleId),
    onTestModuleEnd: (module) => void running.delete(module.relativeModuleId),
    onInit(vitest) {
      // The command that runs vitest closes the channel to stop it, and so does its death. A signal would end vitest
      // at once, without its teardown: databases and containers of the tests would stay.
      process.once("disconnect", () => {
        process.stdout.write(`Told to stop; under way: ${[...running].join(", ")}\n`);
        void vitest.cancelCurrentRun("keyboard-input");
      });
      process.channel?.unref();
    },
    onTestRunEnd(modules, errors, reason) {
      const states = modules.flatMap((module) =>
        [...module.children.allTests()].map((test) => test.result().state),
      );
      const passed = states.filter((state) => state === "passed").length;
      const outside = modules.reduce((sum, module) => sum + errorsOutsideTests(module), errors.length);
      const counted = states.filter((state) => state === "failed").length + outside;
      const failed = reason !== "passed" && counted === 0 ? 1 : counted;
      const line = `${passed} passed, ${failed} failed\n`;
      if (file !== undefined) writeFileSync(file, line);
      else process.once("exit", () => process.stdout.write(line));
    },
  };
}

function errorsOutsideTests(module: TestModule): number {
  const inSuites = [...module.children.allSuites()].reduce((sum, suite) => sum + suite.errors().length, 0);
  return module.errors().length + inSuites;
}
