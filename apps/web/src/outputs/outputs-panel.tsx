import "./outputs.css";
import type { Job } from "@longshore/client";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useAccess } from "../access/use-access.ts";
import { formatBytes } from "../format/bytes.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { Loading } from "../widgets/loading.tsx";
import { Moment } from "../widgets/moment.tsx";
import { FilePreview } from "./file-preview.tsx";
import { NotTakenList } from "./not-taken-list.tsx";
import { saveZip } from "./save-file.ts";
import { type FileNode, toFileTree } from "./tree/file-tree.ts";
import { FileTree } from "./tree/file-tree-view.tsx";
import { useFiles } from "./use-files.ts";
import { whyNoOutputs } from "./why-no-outputs.ts";

interface OutputsPanelProps {
  readonly jobId: string;
  readonly job: Job;
}

/** What a job made: its files, each to look at and to take, or all of them. */
export function OutputsPanel({ jobId, job }: OutputsPanelProps) {
  const why = whyNoOutputs(job);
  if (why !== null) return <p className="muted">{why}</p>;
  return <Archive jobId={jobId} job={job} />;
}

function Archive({ jobId, job }: OutputsPanelProps) {
  const files = useFiles(jobId);
  const [chosen, setChosen] = useState<FileNode | null>(null);
  const trees = useMemo(() => splitArchive(toFileTree(files.data?.entries ?? [])), [files.data]);
  if (files.error !== null)
    return (
      <ProblemNotice
        what="The outputs cannot be listed"
        error={files.error}
        onRetry={() => void files.refetch()}
      />
    );
  if (files.data === undefined) return <Loading what="the outputs" />;
  const shown = chosen ?? firstFile(trees.outputs);
  return (
    <div className="outputs">
      <div className="outputs-files">
        <ArchiveLine job={job} />
        {trees.outputs.length === 0 ? (
          <p className="muted">The job left no files in its workspace.</p>
        ) : (
          <FileTree label="Outputs" nodes={trees.outputs} chosen={shown?.path ?? null} onChoose={setChosen} />
        )}
        {files.data.isMore ? <p className="muted">There are more files: the zip has all of them.</p> : null}
        <NotTakenList jobId={jobId} />
        <h3 className="outputs-about">About the job</h3>
        <FileTree
          label="About the job"
          nodes={trees.about}
          chosen={shown?.path ?? null}
          onChoose={setChosen}
        />
      </div>
      <div className="outputs-preview">
        {shown === null ? (
          <p className="muted">Choose a file to look at it.</p>
        ) : (
          <FilePreview key={shown.path} jobId={jobId} file={shown} />
        )}
      </div>
    </div>
  );
}

function ArchiveLine({ job }: { readonly job: Job }) {
  const client = useClient();
  const { key } = useAccess();
  const save = useMutation({ mutationFn: () => saveZip(client, key !== null, job.job_id) });
  return (
    <div className="outputs-archive">
      <ActionButton isPending={save.isPending} onPress={() => save.mutate()}>
        Download all as zip
      </ActionButton>
      {job.output === null ? null : (
        <span className="muted">
          {formatBytes(job.output.archive_bytes)}, kept until <Moment at={job.output.expires_at} />
        </span>
      )}
      {save.error === null ? null : <ProblemNotice what="The zip was not downloaded" error={save.error} />}
    </div>
  );
}

/** What the job made, and what the service put beside it. */
function splitArchive(nodes: readonly FileNode[]) {
  const outputs = nodes.find(({ path, kind }) => path === "outputs" && kind === "folder");
  return { outputs: outputs?.children ?? [], about: nodes.filter((node) => node !== outputs) };
}

function firstFile(nodes: readonly FileNode[]): FileNode | null {
  return nodes.find(({ kind }) => kind === "file") ?? null;
}
