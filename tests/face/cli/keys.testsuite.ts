import { describe, expect, test } from "vitest";
import type { Face } from "../face.ts";
import { useCliBench } from "./cli-bench.ts";

const keyForm = /^lsk_[a-z2-7]{8}_[\w-]{43}\n$/;

/** `longshore keys` and `longshore tenants`. */
export function cliKeysTestsuite(face: () => Face): void {
  describe("longshore administers", { timeout: 60_000 }, () => {
    const { run, inTerminal } = useCliBench(face);
    const asAdmin = () => ({ env: { LONGSHORE_API_KEY: face().adminKey } });
    const admin = (...args: readonly string[]) => run(args, asAdmin());
    const parsed = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await admin(...args, "--json")).stdout);
    const create = async (name: string) =>
      (await admin("keys", "create", "--name", name, "--tenant", "pier")).stdout.trim();

    test("keys: one is made, alone on stdout, listed without its secret, and refused once it is revoked", async () => {
      const made = await admin("keys", "create", "--name", "ci", "--tenant", "pier", "--expires", "90d");
      expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(keyForm) as string });
      expect(made.stderr).toMatch(
        /^✓ A key of pier, with jobs:read, jobs:write, until .* cannot be shown again\.\n$/,
      );
      const key = made.stdout.trim();
      const [prefix, env] = [key.slice(0, 12), { LONGSHORE_API_KEY: key }];
      const listed = await admin("keys", "ls", "--tenant", "pier");
      expect(listed.stdout).toContain(`${prefix}\tvalid\tpier\tjobs:read,jobs:write`);
      expect(listed.stdout).not.toContain(key.slice(-43));
      expect((await run(["ls"], { env })).code).toBe(0);
      // Nobody sits before a terminal, so nobody is asked.
      expect(await admin("keys", "revoke", prefix)).toMatchObject({ code: 0 });
      expect(await parsed("keys", "revoke", prefix)).toMatchObject({ prefix, state: "revoked" });
      expect((await run(["ls"], { env })).code).toBe(4);
    });

    test("keys: asks on a terminal before one is revoked, and only y is a yes", async () => {
      const key = await create("asked");
      const revoke = () => inTerminal(["keys", "revoke", key.slice(0, 12)], asAdmin().env);
      const no = revoke();
      await no.sees(`Revoke the key ${key.slice(0, 12)}? [y/N]`);
      no.type("\r");
      expect(await no.ended).toBe(1);
      const left = revoke();
      await left.sees("[y/N]");
      left.type("\u0003");
      expect(await left.ended).toBe(130);
      expect((await run(["ls"], { env: { LONGSHORE_API_KEY: key } })).code).toBe(0);
      const yes = revoke();
      await yes.sees("[y/N]");
      yes.type("y");
      expect(await yes.ended).toBe(0);
      expect((await run(["ls"], { env: { LONGSHORE_API_KEY: key } })).code).toBe(4);
    });

    test("keys: the last one of an admin goes only where that is said, and a key that leaked is named by itself", async () => {
      const made = await admin("keys", "create", "--name", "sole", "--tenant", "quay", "--scopes", "admin");
      const key = made.stdout.trim();
      const kept = await admin("keys", "revoke", key);
      expect(kept).toMatchObject({ code: 5, stdout: "" });
      expect(kept.stderr).toContain("last valid key of its tenant");
      expect(kept.stderr).not.toContain(key.slice(-43));
      expect(await admin("keys", "revoke", key, "--last-admin")).toMatchObject({ code: 0 });
    });

    test("nothing for a key that reads and writes, and says what is missing", async () => {
      for (const args of [
        ["keys", "ls"],
        ["keys", "create", "--name", "x"],
        ["tenants", "ls"],
      ]) {
        const refused = await run(args);
        expect(refused).toMatchObject({ code: 4, stdout: "" });
        expect(refused.stderr).toContain("lacks the scope admin");
      }
    });

    test("whoami: whose the key is, what it may do, and what its tenant may and does use", async () => {
      await admin("tenants", "limits", "mole", "--unfinished", "9");
      const made = await admin("keys", "create", "--name", "named", "--tenant", "mole");
      const LONGSHORE_API_KEY = made.stdout.trim();
      const { stdout } = await run(["whoami"], { env: { LONGSHORE_API_KEY } });
      expect(stdout).toMatch(
        /^tenant\tmole\nkey\tlsk_.{8} \(named\), for good\nmay\tjobs:read, jobs:write\n/,
      );
      expect(stdout).toContain("unfinished jobs\t0 of 9\n");
      expect(stdout).not.toContain(LONGSHORE_API_KEY.slice(-43));
      expect(await parsed("whoami")).toMatchObject({ scopes: ["jobs:read", "jobs:write", "admin"] });
      expect(await run(["whoami"], { env: { LONGSHORE_API_KEY: "lsk_wrong" } })).toMatchObject({ code: 4 });
    });

    test("tenants: limits against what is used of them, and changes those that are given", async () => {
      const changed = await admin("tenants", "limits", "pier", "--queued", "7", "--per-minute", "none");
      expect(changed.stdout).toMatch(/^pier\t\d+\t0 of -\t0 of 7\t-\t0 B of -\n$/);
      expect(await parsed("tenants", "limits", "pier", "--queued", "default")).toMatchObject({
        own_limits: { queued: null, per_minute: 0 },
      });
      expect(await parsed("tenants", "ls")).toContainEqual(expect.objectContaining({ name: "pier" }));
      expect((await admin("tenants", "limits", "pier", "--queued", "0")).code).toBe(2);
      expect((await admin("tenants", "limits", "nobody")).code).toBe(2);
    });
  });
}
