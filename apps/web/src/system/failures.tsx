import type { System } from "@longshore/client";
import { Link } from "wouter";
import { Moment } from "../widgets/moment.tsx";

/** Why jobs failed within the last day. */
export function Failures({ failures }: { readonly failures: System["failures"] }) {
  return (
    <section className="panel">
      <h2>Failures of the last 24 hours</h2>
      {failures.length === 0 ? (
        <p>None.</p>
      ) : (
        <table className="failures">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Jobs</th>
              <th scope="col">The last</th>
            </tr>
          </thead>
          <tbody>
            {failures.map(({ code, count, last_at, last_job_id }) => (
              <tr key={code}>
                <th scope="row">{code}</th>
                <td>{count}</td>
                <td>
                  {last_job_id === null ? (
                    <Moment at={last_at} />
                  ) : (
                    <Link href={`/jobs/${last_job_id}`}>
                      <Moment at={last_at} />
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
