import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { createTotalsReporter } from "./tests/support/report-totals.ts";

const sharedServices = "tests/support/global-setup.ts";
const bundledParts = "tests/support/bundle-parts.ts";

export default defineConfig({
  test: {
    reporters: ["default", createTotalsReporter(process.env["LONGSHORE_TOTALS_FILE"])],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // More of them, on two cores, and bounds that hold for one service are met by the load of the others.
    maxWorkers: 2,
    pool: "forks",
    projects: [
      {
        extends: true,
        test: { name: "structure", include: ["tests/structure/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "suites",
          include: ["{apps,packages,agent-image,scripts,tests,bench}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "tests/structure/**", "tests/chaos/chaos.test.ts"],
          globalSetup: [bundledParts, sharedServices].filter((file) => existsSync(file)),
        },
      },
      {
        extends: true,
        // After all others: a storm of faults needs the machine for itself.
        test: {
          name: "chaos",
          include: ["tests/chaos/chaos.test.ts"],
          globalSetup: [bundledParts],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
