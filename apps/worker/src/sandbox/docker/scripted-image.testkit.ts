import type Docker from "dockerode";
import { pack } from "tar-stream";
import { agentImage } from "./docker-provider.testkit.ts";

/** The agent's own file moves to real.cjs, and a script takes its place. */
const dockerfile = [
  `FROM ${agentImage} AS real`,
  `FROM ${agentImage}`,
  "COPY --from=real /opt/longshore/agent.cjs /opt/longshore/real.cjs",
  "COPY agent.cjs /opt/longshore/agent.cjs",
].join("\n");

/** The real agent, beside a script that does, once a file of that name lies in /workspace, what the file says. */
export const onCommand = `
  const fs = require("node:fs");
  require("/opt/longshore/real.cjs");
  const say = (text) => { for (let at = 0; at < text.length; ) { try { at += fs.writeSync(1, text.slice(at, at + 65536)); } catch (error) { if (error.code !== "EAGAIN") throw error; } } };
  const watch = setInterval(() => {
    if (!fs.existsSync("/workspace/evil.js")) return;
    clearInterval(watch);
    new Function("say", "fs", fs.readFileSync("/workspace/evil.js", "utf8"))(say, fs);
  }, 5);`;

/** Builds the agent image with another agent in it: a script, which may `require("/opt/longshore/real.cjs")`. */
export async function buildScriptedImage(docker: Docker, name: string, script: string): Promise<void> {
  const context = pack();
  context.entry({ name: "Dockerfile" }, dockerfile);
  context.entry({ name: "agent.cjs", mode: 0o644 }, script);
  context.finalize();
  // safety: tar-stream reads like node:stream, of which its own streams are a copy.
  const body = context as unknown as NodeJS.ReadableStream;
  const stream: NodeJS.ReadableStream = await docker.buildImage(body, { t: name, forcerm: true });
  const rows = await new Promise<{ error?: string }[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, output) =>
      error === null ? resolve(output) : reject(error),
    );
  });
  const failed = rows.find((row) => row.error !== undefined);
  if (failed !== undefined) throw new Error(failed.error);
}
