import { ProblemError } from "@longshore/client";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { Notice } from "../widgets/notice.tsx";

/** What is named of a request that is wrong all over. */
const mostNamed = 10;

/** Why a job was not accepted: what is wrong in it, by its place in the request, or else in the service's words. */
export function Refusal({ error }: { readonly error: Error }) {
  const title = "The job was not accepted";
  const errors = error instanceof ProblemError ? error.errors : [];
  if (errors.length === 0) return <ProblemNotice what={title} error={error} />;
  return (
    <Notice tone="bad" title={title}>
      <ul className="refusal">
        {errors.slice(0, mostNamed).map(({ pointer, detail }, place) => (
          <li key={place}>
            <code>{pointer.slice(1)}</code> {detail}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
