import { InvalidArgumentError } from "commander";

/** A value of --allow-host, with those before it: a name as the Host of requests has it, without its port, on which none depends. */
export function readHost(text: string, before: readonly string[] = []): readonly string[] {
  const address = `http://${text}`;
  const isName = URL.canParse(address) && /^[^\s/?#@]+$/.test(text);
  if (!isName) throw new InvalidArgumentError("It must be a name, such as mcp.example.org.");
  return [...before, new URL(address).hostname];
}
