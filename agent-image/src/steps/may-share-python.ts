import { workspace } from "../sandbox/places.ts";

/** What an interpreter, its C library, its loader or numpy reads when it starts, and never again. */
const readAtStart =
  /^(?:PYTHON|LC_|LD_|MALLOC_|GLIBC_|GCONV_|OPENBLAS_|OMP_|NPY_|NUMEXPR_|LOCPATH$|LANG$|LANGUAGE$|PATH$|TZ$|TZDIR$)/;

/** What is set for every Python Step, and put right in a fork. */
const ownPath = "PYTHONPATH";

/** Far below what the kernel takes (2 MiB), so that it is the kernel that refuses what is too much. */
const longestEnvironment = 1_048_576;

/**
 * Whether a Step with this environment may run in a fork of an interpreter that was started with the image's: only if
 * one that was started for it would have read the same. HOME is looked at in the fork (native/runner-site.py).
 */
export function maySharePython(
  env: Readonly<Record<string, string>>,
  imageEnv: Readonly<NodeJS.ProcessEnv>,
): boolean {
  if (env[ownPath] !== workspace) return false;
  const names = new Set([...Object.keys(env), ...Object.keys(imageEnv)]);
  names.delete(ownPath);
  for (const name of names) if (readAtStart.test(name) && env[name] !== imageEnv[name]) return false;
  return (
    Object.entries(env).reduce((sum, [name, value]) => sum + name.length + value.length, 0) <
    longestEnvironment
  );
}
