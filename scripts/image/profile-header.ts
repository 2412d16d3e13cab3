import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Docker's format of a profile, as far as ours uses it: what the launcher would not follow is refused here. */
const comparison = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("SCMP_CMP_EQ"), index: z.int(), value: z.int(), valueTwo: z.literal(0) }),
  z.strictObject({ op: z.literal("SCMP_CMP_MASKED_EQ"), index: z.int(), value: z.int(), valueTwo: z.int() }),
]);
const rule = z.strictObject({
  names: z.array(z.string().regex(/^[a-z0-9_]+$/u)).min(1),
  action: z.enum(["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"]),
  errnoRet: z.int().optional(),
  args: z.array(comparison).max(6).optional(),
  comment: z.string().optional(),
});
const profile = z.strictObject({
  defaultAction: z.literal("SCMP_ACT_ERRNO"),
  defaultErrnoRet: z.int(),
  archMap: z.array(
    z.strictObject({ architecture: z.string(), subArchitectures: z.array(z.never()).length(0) }),
  ),
  syscalls: z.array(rule),
});
type Profile = z.infer<typeof profile>;

/** The seccomp profile that the engine is given with each Sandbox: the one source of both filters. */
export function readProfile(root: string): Promise<string> {
  return readFile(join(root, "apps/worker/src/sandbox/docker/seccomp-profile.json"), "utf8");
}

/**
 * A seccomp profile as the C that the launcher's filter is built from (native/step-filter.c). Calls that the headers of
 * the image's base do not know are left out, as the engine leaves out what its libseccomp does not know. Throws for what
 * the launcher could not follow.
 */
export function profileHeader(text: string): string {
  const read = profile.parse(JSON.parse(text));
  refuseAmbiguous(read);
  const rows = read.syscalls.flatMap(({ names, ...each }) => names.flatMap((name) => rowOf(name, each)));
  return [
    "/* Made from the seccomp profile by scripts/image/profile-header.ts. */",
    `#define PROFILE_ERRNO ${String(read.defaultErrnoRet)}`,
    "static const struct rule profile[] = {",
    ...rows,
    "};",
    "",
  ].join("\n");
}

/** Where one rule of a call has no comparisons, no other could ever be met. */
function refuseAmbiguous({ syscalls }: Profile): void {
  const rulesOf = Map.groupBy(
    syscalls.flatMap(({ names, args = [] }) => names.map((name) => ({ name, args }))),
    ({ name }) => name,
  );
  for (const [name, rules] of rulesOf)
    if (rules.length > 1 && rules.some(({ args }) => args.length === 0))
      throw new Error(`The seccomp profile has several rules for ${name}, one of them without comparisons.`);
}

function rowOf(name: string, { action, errnoRet, args = [] }: Omit<Profile["syscalls"][number], "names">) {
  const answer =
    action === "SCMP_ACT_ALLOW" ? "SECCOMP_RET_ALLOW" : `SECCOMP_RET_ERRNO | ${String(errnoRet ?? 1)}`;
  const comparisons = args.length === 0 ? "{0, 0, 0}" : args.map(toComparison).join(", ");
  return [
    `#ifdef SYS_${name}`,
    `    {SYS_${name}, ${answer}, ${String(args.length)}, {${comparisons}}},`,
    "#endif",
  ];
}

function toComparison(each: z.infer<typeof comparison>): string {
  const [mask, wanted] =
    each.op === "SCMP_CMP_EQ" ? ["UINT64_MAX", each.value] : [`${String(each.value)}u`, each.valueTwo];
  return `{${String(each.index)}, ${String(mask)}, ${String(wanted)}u}`;
}
