// npm run doctor [-- --fix] [--deep] [--json]: what the service holds, what of it is wrong, and what mends it.
import { parseArgs } from "node:util";
import { commonSettings } from "@longshore/shared/config/common-settings";
import { parseSettings } from "@longshore/shared/config/parse-settings";
import { checkArchives, checkTemporaries } from "./doctor/check-archives.ts";
import type { Check } from "./doctor/check.ts";
import { checkContainers } from "./doctor/check-containers.ts";
import { checkDisk } from "./doctor/check-disk.ts";
import { checkDownloads } from "./doctor/check-downloads.ts";
import { checkEventOwners, checkHistories } from "./doctor/check-events.ts";
import { checkKeys } from "./doctor/check-keys.ts";
import { checkMessages, checkWaiting } from "./doctor/check-messages.ts";
import { checkLeases, checkRunning } from "./doctor/check-running.ts";
import { checkRemovals, checkWorkers } from "./doctor/check-workers.ts";
import { describeTrouble } from "./doctor/describe-trouble.ts";
import { examine } from "./doctor/examine.ts";
import type { Ledger } from "./doctor/ledger.ts";
import { mendAll } from "./doctor/mend.ts";
import { openLedger } from "./doctor/open-ledger.ts";
import { type Report, toReport, toTable } from "./doctor/report.ts";
import { loadEnvFile } from "./host/load-env-file.ts";
import { root } from "./root.ts";
import { describeSettingsFaults } from "./supervisor/service-settings.ts";
import { readCommandLine } from "./terminal/command-line.ts";
import { createProgress, type Note, type Progress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usage = `npm run doctor [-- options]: what the service holds, and what of it is wrong.
  --fix   mends what can be mended, and says each thing that it does
  --deep  reads every archive and counts every event, however long that takes
  --json  for machines
Ends with 0 where nothing is wrong, 1 where something is, 2 where it could not look.
`;
const COULD_NOT_LOOK = 2;

interface Options {
  readonly fix: boolean;
  readonly deep: boolean;
  readonly json: boolean;
}

await runCommand(async (stop) => {
  const asked = readCommandLine(process.argv.slice(2), { usage, read: readOptions });
  if (!asked.ok) return asked.failure;
  const options = asked.value;
  loadEnvFile(root);
  const settings = parseSettings(commonSettings, process.env);
  if (!settings.ok) {
    process.stderr.write(describeSettingsFaults(settings.failure));
    return COULD_NOT_LOOK;
  }
  const progress = createProgress();
  let doing = "Opening the ledger";
  await using opened = new AsyncDisposableStack();
  try {
    const ledger = await openLedger(
      { settings: settings.value, env: process.env, deep: options.deep, progress },
      opened,
    );
    if (!ledger.ok) {
      process.stderr.write(describeFault(ledger.failure));
      return COULD_NOT_LOOK;
    }
    const onLook = (check: Check) => (doing = `Looking at the ${check.name}`);
    const report = await look(checksOf(ledger.value), options.fix, { onLook, progress, stop });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : toTable(report));
    return report.healthy ? 0 : 1;
  } catch (error) {
    if (!stop.aborted) process.stderr.write(describeFault(describeTrouble(error, doing)));
    return COULD_NOT_LOOK;
  }
});

function readOptions(args: readonly string[]): Options {
  const off = { type: "boolean", default: false } as const;
  return parseArgs({ args: [...args], options: { fix: off, deep: off, json: off } }).values;
}

function checksOf(ledger: Ledger): readonly Check[] {
  return [
    checkContainers(ledger),
    checkLeases(ledger),
    checkRunning(ledger),
    checkWaiting(ledger),
    checkMessages(ledger),
    checkDownloads(ledger),
    checkArchives(ledger),
    checkTemporaries(ledger),
    checkEventOwners(ledger),
    checkHistories(ledger),
    checkKeys(ledger),
    checkRemovals(ledger),
    checkWorkers(ledger),
    checkDisk(ledger),
  ];
}

async function look(
  checks: readonly Check[],
  fix: boolean,
  { onLook, progress, stop }: { onLook: (check: Check) => void; progress: Progress; stop: AbortSignal },
): Promise<Report> {
  const mended: string[] = [];
  const onMended = (what: string) => {
    mended.push(what);
    progress.say(`  ${what}`);
  };
  const work = (note: Note) => {
    const watched = {
      stop,
      onLook: (check: Check) => {
        onLook(check);
        note(check.name);
      },
    };
    return fix ? mendAll(checks, { ...watched, onMended }) : examine(checks, watched);
  };
  const findings = await progress.phase(fix ? "Looking, and mending" : "Looking", work);
  return toReport(findings, mended);
}
