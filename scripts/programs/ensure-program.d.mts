export interface Program {
  /** As its bundle is called: "api". */
  readonly name: string;
  /** Its first file, relative to the project's folder. */
  readonly entry: string;
}
/** Where the bundle of a program is, once it was ensured. */
export declare function programFile(root: string, name: string): string;
/** Where Node keeps what it has compiled of the bundles (NODE_COMPILE_CACHE): 0.1 s and 6 to 10 MB less at each start. */
export declare function compileCache(root: string): string;
/**
 * Bundles a program into one file below `.longshore/programs`, where that is missing or older than what it is made of,
 * and gives its path. What it is made of is known from the last time: a few hundred looks at the file system. Rejects
 * where the sources don't bundle, or the folder cannot be written.
 */
export declare function ensureProgram(root: string, program: Program): Promise<string>;
/** The same; where that fails it says why, and gives the path of the program's first source file. */
export declare function programOrSource(
  root: string,
  program: Program,
  say: (line: string) => void,
): Promise<string>;
/** Changes with each of the files, as the file system tells it, with the lock file, and with the folder that they are in. */
export declare function stateOf(root: string, inputs: readonly string[]): Promise<string>;
