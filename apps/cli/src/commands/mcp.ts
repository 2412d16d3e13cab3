import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../command-context.ts";
import { readHost } from "../mcp/read-host.ts";
import { readOrigin } from "../mcp/read-origin.ts";
import type { McpOptions } from "../mcp/serve.ts";

/** `longshore mcp`. */
export function addMcp(program: Command, context: CommandContext): void {
  program
    .command("mcp")
    .description("serves assistants as a code sandbox, by the Model Context Protocol on stdin and stdout")
    .option("--http", "by streamable HTTP at /mcp instead")
    .option(
      "--host <address>",
      "where it listens; on others than loopback LONGSHORE_MCP_TOKEN is needed",
      "127.0.0.1",
    )
    .option("--port <number>", "on which port, 0 for a free one", readPort, 8765)
    .option("--allow-host <name...>", "another name by which it may be asked", readHost)
    .option("--allow-origin <origin...>", "a web origin whose pages may ask", readOrigin)
    .action(async (options: McpOptions, command: Command) => {
      if (options.http !== true) refuseOfHttp(command);
      // Not with the rest: no other command needs the protocol.
      const { serveMcp } = await import("../mcp/serve.ts");
      await serveMcp(context, options);
    });
}

const ofHttp = ["host", "port", "allowHost", "allowOrigin"] as const;

/** Whoever says where it is to listen would wait there for ever: on stdin and stdout it listens nowhere. */
function refuseOfHttp(command: Command): void {
  if (ofHttp.every((name) => command.getOptionValueSource(name) !== "cli")) return;
  throw new CliError(
    "wrong_use",
    "--host, --port, --allow-host and --allow-origin are for HTTP",
    "Add --http, or leave them out.",
  );
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}
