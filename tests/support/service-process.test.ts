import { expect, test } from "vitest";
import { startService } from "./service-process.ts";

test("a part that a signal ends is noticed at once, and not when the bound runs out", async () => {
  const api = startService("api", { DATABASE_URL: "nonsense" });
  const listening = api.logged(({ msg }) => msg === "listening", 60_000);
  api.send("SIGKILL");
  await expect(listening).rejects.toThrow("api ended with SIGKILL");
  await expect(api.logged(() => true)).rejects.toThrow("api ended with SIGKILL");
});
