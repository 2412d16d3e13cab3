import type { JobSummary } from "@longshore/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { formatCount } from "../format/count.ts";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { Notice } from "../widgets/notice.tsx";
import { Window } from "../widgets/window.tsx";
import { cancelAll, describeCancels } from "./cancel-all.ts";
import type { LiveJobList } from "./use-job-list.ts";

interface CancelSelectedProps {
  readonly jobs: readonly JobSummary[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly lookAt: LiveJobList["lookAt"];
}

/** What can be done with the jobs that are selected: those that have not ended are cancelled together. */
export function CancelSelected({ jobs, selected, onSelect, lookAt }: CancelSelectedProps) {
  const client = useClient();
  const [isAsking, setAsking] = useState(false);
  const open = jobs.filter(({ finished_at }) => finished_at === null).map(({ job_id }) => job_id);
  const chosen = open.filter((id) => selected.has(id));
  const { mutate, data, isPending } = useMutation({
    mutationFn: (ids: readonly string[]) => cancelAll(client, ids),
    onSuccess: async (_, ids) => {
      onSelect(new Set());
      await lookAt(ids);
    },
  });
  return (
    <div className="selected-bar">
      {data === undefined || isPending ? null : (
        <Notice tone={data.failed === 0 ? "plain" : "bad"} title={describeCancels(data)} />
      )}
      {selected.size === 0 ? null : <span role="status">{selected.size} selected</span>}
      {open.length === 0 ? null : (
        <ActionButton onPress={() => onSelect(new Set(open))}>
          Select all that have not ended ({open.length})
        </ActionButton>
      )}
      {selected.size === 0 ? null : (
        <ActionButton onPress={() => onSelect(new Set())}>Select none</ActionButton>
      )}
      {chosen.length === 0 ? null : (
        <ActionButton tone="danger" isDisabled={isPending} onPress={() => setAsking(true)}>
          Cancel {chosen.length}
        </ActionButton>
      )}
      <Window title={question(chosen.length)} isOpen={isAsking} onOpenChange={setAsking}>
        <p>What they have done so far is kept. It cannot be undone.</p>
        <ActionButton
          tone="danger"
          onPress={() => {
            setAsking(false);
            mutate(chosen);
          }}
        >
          Cancel the jobs
        </ActionButton>{" "}
        <ActionButton onPress={() => setAsking(false)}>Let them go on</ActionButton>
      </Window>
    </div>
  );
}

const question = (count: number) => `Cancel ${formatCount(count, "job")}?`;
