import { useQuery } from "@tanstack/react-query";
import { useClient } from "../service/use-client.ts";
import { type NotTaken, readNotTaken } from "./read-not-taken.ts";
import { readUpTo } from "./read-up-to.ts";
import { visibleName } from "./tree/visible-name.ts";

/** Of a manifest that is read here: it has a line for each file, and 200 bytes are a long one. */
const mostManifestBytes = 8_388_608;

/** Of what was not taken, that is named here. */
const mostNamed = 50;

/** What the job left and its archive does not hold: who sees the files alone would take them for all. */
export function NotTakenList({ jobId }: { readonly jobId: string }) {
  const { data } = useNotTaken(jobId);
  if (data === undefined || data?.length === 0) return null;
  if (data === null)
    return (
      <p className="muted">
        Whether something was left out, manifest.json tells, which is too long to be read here.
      </p>
    );
  const rest = data.length - mostNamed;
  return (
    <section className="not-taken" aria-label="Not taken">
      <h3 className="not-taken-head">
        {data.length === 1
          ? "One was not taken, or not whole"
          : `${String(data.length)} were not taken, or not whole`}
      </h3>
      <ul>
        {data.slice(0, mostNamed).map((entry, place) => (
          <Entry key={place} entry={entry} />
        ))}
      </ul>
      {rest > 0 ? <p className="muted">and {rest} more, which manifest.json names</p> : null}
    </section>
  );
}

function Entry({ entry: { path, reason } }: { readonly entry: NotTaken }) {
  return (
    <li>
      <span className="not-taken-path">{visibleName(path)}</span>: {visibleName(reason)}
    </li>
  );
}

function useNotTaken(jobId: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["not-taken", jobId],
    // An archive never changes.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const answer = await client.file(jobId, "manifest.json", { signal });
      const { bytes, isWhole } = await readUpTo(answer, mostManifestBytes);
      return isWhole ? readNotTaken(new TextDecoder().decode(bytes)) : null;
    },
  });
}
