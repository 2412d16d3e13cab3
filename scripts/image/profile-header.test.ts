import { expect, test } from "vitest";
import { root } from "../root.ts";
import { profileHeader, readProfile } from "./profile-header.ts";

const profile = await readProfile(root);
// safety: the project's own file, in Docker's format.
const parsed = JSON.parse(profile) as { readonly syscalls: readonly { readonly names: readonly string[] }[] };

const withRule = (rule: object): string =>
  JSON.stringify({ ...parsed, syscalls: [...parsed.syscalls, rule] });

test("every call that the engine's profile names is in the launcher's, as often", () => {
  const rows = [...profileHeader(profile).matchAll(/^ {4}\{SYS_(\w+), /gmu)].map(([, name]) => name);
  expect(rows).toEqual(parsed.syscalls.flatMap(({ names }) => names));
});

test("comparisons, refusals and the answer to all else are written as C", () => {
  const header = profileHeader(
    JSON.stringify({
      defaultAction: "SCMP_ACT_ERRNO",
      defaultErrnoRet: 13,
      archMap: [],
      syscalls: [
        { names: ["read"], action: "SCMP_ACT_ALLOW" },
        {
          names: ["socket"],
          action: "SCMP_ACT_ALLOW",
          args: [
            { index: 0, value: 2, valueTwo: 0, op: "SCMP_CMP_EQ" },
            { index: 2, value: 65_536, valueTwo: 1, op: "SCMP_CMP_MASKED_EQ" },
          ],
        },
        { names: ["tee"], action: "SCMP_ACT_ERRNO", errnoRet: 38 },
      ],
    }),
  );
  expect(header.split("\n").filter((line) => /^( {4}|#define)/u.test(line))).toEqual([
    "#define PROFILE_ERRNO 13",
    "    {SYS_read, SECCOMP_RET_ALLOW, 0, {{0, 0, 0}}},",
    "    {SYS_socket, SECCOMP_RET_ALLOW, 2, {{0, UINT64_MAX, 2u}, {2, 65536u, 1u}}},",
    "    {SYS_tee, SECCOMP_RET_ERRNO | 38, 0, {{0, 0, 0}}},",
  ]);
});

test.each([
  ["another action", "action", { names: ["ptrace"], action: "SCMP_ACT_LOG" }],
  [
    "another comparison",
    '"op"',
    {
      names: ["ptrace"],
      action: "SCMP_ACT_ALLOW",
      args: [{ index: 0, value: 1, valueTwo: 0, op: "SCMP_CMP_NE" }],
    },
  ],
  [
    "a condition",
    "includes",
    { names: ["ptrace"], action: "SCMP_ACT_ALLOW", includes: { caps: ["CAP_SYS_PTRACE"] } },
  ],
  [
    "a rule that no call could meet",
    "several rules for socket",
    { names: ["socket"], action: "SCMP_ACT_ALLOW" },
  ],
])("a profile with %s, which the launcher would not follow, is refused", (_, named, rule) => {
  expect(() => profileHeader(withRule(rule))).toThrow(named);
});
