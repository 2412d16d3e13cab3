import { isUtf8 } from "node:buffer";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { jobIdPattern } from "../../job-id.ts";
import { showBytes } from "../../terminal/show-amounts.ts";
import { countOthers, listOutputs } from "../output-files.ts";
import { plain } from "../plain.ts";
import { type FileBeginning, readFile } from "../read-file.ts";
import { runTool } from "../run-tool.ts";
import type { Call, ToolContext, ToolResult } from "../tool-context.ts";

const mostTextBytes = 100_000;
const mostBinaryBytes = 3 * 1024 * 1024;
const mostNamed = 500;
const images: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

const input = z.strictObject({
  job_id: z.string().regex(jobIdPattern),
  path: z.string().optional().describe("Which file is to be read; without it, the files are listed."),
});

/** Registers job_outputs. */
export function addJobOutputs(server: McpServer, context: ToolContext): void {
  server.registerTool(
    "job_outputs",
    {
      title: "Read a job's files",
      description:
        "Lists the files that an ended job left in /workspace, or gives one of them: text, an image, or base64.",
      inputSchema: input,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ job_id, path }: z.output<typeof input>, call: Call) =>
      runTool(context, () =>
        path === undefined ? list(context, job_id, call) : read(context, job_id, path, call),
      ),
  );
}

async function list({ client }: ToolContext, id: string, { signal }: Call): Promise<ToolResult> {
  const job = await client.status(id, { signal });
  // Of a job that has none, or no longer, the service says why.
  const files =
    job.output === null ? await firstFile(client, id, signal) : await listOutputs(client, job, signal);
  const lines = files.slice(0, mostNamed).map(({ path, bytes }) => `${plain(path)}\t${String(bytes)}`);
  const rest = files.length > mostNamed ? [`… and ${countOthers(files, mostNamed)}`] : [];
  const text = files.length === 0 ? "It left no files." : [...lines, ...rest].join("\n");
  return { content: [{ type: "text", text }] };
}

async function firstFile(client: ToolContext["client"], id: string, signal: AbortSignal) {
  for await (const file of client.files(id, { signal })) return [file];
  return [];
}

async function read(
  { client }: ToolContext,
  id: string,
  given: string,
  { signal }: Call,
): Promise<ToolResult> {
  const path = given.startsWith("outputs/") ? given : `outputs/${given.replace(/^(?:\/workspace)?\/+/, "")}`;
  const file = await readFile(client, id, path, { mostBytes: mostBinaryBytes, signal });
  const { bytes } = file;
  const mediaType = (file.mediaType.split(";")[0] ?? "").trim();
  if (images.has(mediaType) && !file.isCut)
    return { content: [{ type: "image", data: bytes.toString("base64"), mimeType: mediaType }] };
  const text = asText(bytes, file);
  if (text !== null) return { content: [{ type: "text", text }] };
  if (file.isCut)
    return {
      isError: true,
      content: [
        {
          type: "text",
          text: `${plain(path)} has more than ${showBytes(mostBinaryBytes)}: let a job shorten it, or tell the user that \`longshore download ${id} --out DIR\` fetches it.`,
        },
      ],
    };
  const uri = `longshore://jobs/${encodeURIComponent(id)}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
  return {
    content: [{ type: "resource", resource: { uri, mimeType: mediaType, blob: bytes.toString("base64") } }],
  };
}

/** Null where it is none. A character may be cut in two at the end. */
function asText(bytes: Buffer, { isCut }: FileBeginning): string | null {
  const isLong = isCut || bytes.length > mostTextBytes;
  const beginning = bytes.subarray(0, mostTextBytes);
  const whole = isLong ? beginning.subarray(0, lastWholeCharacter(beginning)) : beginning;
  if (!isUtf8(whole) || whole.includes(0)) return null;
  return `${whole.toString("utf8")}${isLong ? `\n… cut off after ${String(whole.length)} bytes` : ""}`;
}

/** Where a character ends, at most 3 bytes before the end. */
function lastWholeCharacter(bytes: Buffer): number {
  let end = bytes.length;
  while (end > bytes.length - 4 && end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0xc0 ? end - 1 : bytes.length;
}
