import "./new-job-page.css";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { useMay } from "../access/use-me.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { Notice } from "../widgets/notice.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { emptyDraft, toDraft } from "./draft.ts";
import { JobForm } from "./job-form.tsx";

/** Where a job is described and started: a new one, or one that was run before (`?from=<id>`). */
export function NewJobPage() {
  const [search] = useSearchParams();
  const from = search.get("from");
  return (
    <>
      <PageTitle title={from === null ? "New job" : "Edit and run again"} />
      <Form from={from} />
    </>
  );
}

function Form({ from }: { readonly from: string | null }) {
  const mayRun = useMay("jobs:write");
  if (mayRun === false)
    return (
      <Notice tone="warn" title="Your key may not run jobs">
        <p>
          It is one without the scope <code>jobs:write</code>. Forget it, and give another one; admins make
          them.
        </p>
      </Notice>
    );
  if (from === null) return <JobForm key="new" initial={emptyDraft} />;
  return mayRun === null ? <Loading what="the job" /> : <FormOfJob key={from} jobId={from} />;
}

function FormOfJob({ jobId }: { readonly jobId: string }) {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["request", jobId],
    queryFn: ({ signal }) => client.request(jobId, { signal }),
    staleTime: Infinity,
  });
  if (error !== null)
    return (
      <ProblemNotice
        what="What was asked of that job is not known"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  if (data === undefined) return <Loading what="the job" />;
  return <JobForm initial={toDraft(data.request, data.secret_names)} />;
}
