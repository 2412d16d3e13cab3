// npm run keys -- create | list | revoke | audit: the API keys of a service, in its database.
import { commonSettings } from "@longshore/shared/config/common-settings";
import { parseSettings } from "@longshore/shared/config/parse-settings";
import { CommanderError } from "commander";
import { describeTrouble } from "./doctor/describe-trouble.ts";
import { loadEnvFile } from "./host/load-env-file.ts";
import { createKeysProgram } from "./keys/keys-program.ts";
import { openKeyDatabase } from "./keys/open-key-database.ts";
import { root } from "./root.ts";
import { describeSettingsFaults } from "./supervisor/service-settings.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const WRONG_USE = 2;

await runCommand(async () => {
  loadEnvFile(root);
  let code = 0;
  const program = createKeysProgram(async (act, { migrates }) => {
    const settings = parseSettings(commonSettings, process.env);
    if (!settings.ok) {
      process.stderr.write(describeSettingsFaults(settings.failure));
      code = 1;
      return;
    }
    await using opened = new AsyncDisposableStack();
    try {
      const database = await openKeyDatabase(
        settings.value,
        { migrates, progress: createProgress() },
        opened,
      );
      const said = database.ok
        ? await act(database.value)
        : { out: "", fault: describeFault(database.failure) };
      process.stdout.write(said.out);
      if (said.fault === undefined) return;
      process.stderr.write(said.fault);
    } catch (error) {
      process.stderr.write(describeFault(describeTrouble(error, "Opening the keys")));
    }
    code = 1;
  });
  try {
    await program.parseAsync(process.argv);
    return code;
  } catch (error) {
    // It has said already what is wrong; who only asked for help did nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    throw error;
  }
});
