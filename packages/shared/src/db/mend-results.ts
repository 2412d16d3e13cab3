import type postgres from "postgres";

/** As much of a statement of postgres.js (`src/query.js`) as is touched here. */
interface Statement {
  readonly executed: boolean;
  resolve: (result: unknown) => void;
  handle(): Promise<void>;
}

const mended = new WeakSet<object>();

/**
 * Keeps postgres.js (3.4.9) from answering a statement with rows that are not there, in this whole process. It counts a
 * result's rows by connection and forgets to begin anew where a result broke off, by an error in mid-stream or a cut;
 * the next result of that connection then has so many holes before its first row, and "no row" would be read where
 * there is one (github.com/porsager/postgres/issues/1119 and 1181, open). The holes are taken out where a statement
 * resolves, as there is no hook at the place itself.
 */
export function mendResults(client: postgres.Sql): void {
  // A statement that nobody waits for is never sent; only its prototype is wanted, which is exported nowhere.
  // safety: each of its methods is there in the pinned version, and the test fails where one is not.
  const statements = Object.getPrototypeOf(client`SELECT`) as Statement;
  if (mended.has(statements)) return;
  mended.add(statements);
  const handle = Reflect.get(statements, "handle");
  statements.handle = function (this: Statement) {
    if (!this.executed) {
      const resolve = this.resolve;
      this.resolve = (result) => resolve(withoutHoles(result));
    }
    return handle.call(this);
  };
}

/** In place: a result has properties beside its rows. */
function withoutHoles(result: unknown): unknown {
  if (!Array.isArray(result) || result.length === 0 || 0 in result) return result;
  const first = result.findIndex((_, index) => index in result);
  result.splice(0, first === -1 ? result.length : first);
  return result;
}
