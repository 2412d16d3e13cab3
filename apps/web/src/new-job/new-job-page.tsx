import "./new-job-page.css";
import { PageTitle } from "../widgets/page-title.tsx";
import { emptyDraft } from "./draft.ts";
import { JobForm } from "./job-form.tsx";

/** Where a job is described and started. */
export function NewJobPage() {
  return (
    <>
      <PageTitle title="New job" />
      <JobForm initial={emptyDraft} />
    </>
  );
}
