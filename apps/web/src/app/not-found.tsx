import { Link } from "wouter";
import { PageTitle } from "../widgets/page-title.tsx";

export function NotFound() {
  return (
    <section>
      <PageTitle title="There is no such page" />
      <p>
        The address may be mistyped. <Link href="/jobs">All jobs</Link> are a place to begin.
      </p>
    </section>
  );
}
