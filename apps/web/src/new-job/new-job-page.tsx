import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { TextInput } from "../widgets/text-input.tsx";

/** Where a job is described and started. */
export function NewJobPage() {
  const client = useClient();
  const [, navigate] = useLocation();
  const [prompt, setPrompt] = useState("");
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => client.schedule({ prompt }),
    onSuccess: ({ job_id }) => navigate(`/jobs/${job_id}`),
  });
  return (
    <>
      <PageTitle title="New job" />
      {error === null ? null : <ProblemNotice what="The job was not accepted" error={error} />}
      <TextInput label="What is to be done" value={prompt} onChange={setPrompt} rows={8} />
      <ActionButton tone="main" isDisabled={isPending} onPress={() => mutate()}>
        Run
      </ActionButton>
    </>
  );
}
