import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense } from "react";
import { useAccess } from "../access/use-access.ts";
import { formatBytes } from "../format/bytes.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { Failsafe } from "../widgets/failsafe.tsx";
import { Loading } from "../widgets/loading.tsx";
import { isText, mostBytes, type PreviewKind, previewKindOf, wholeKinds } from "./preview-kind.ts";
import { previews } from "./previews/previews.ts";
import { readUpTo } from "./read-up-to.ts";
import { saveFile } from "./save-file.ts";
import type { FileNode } from "./tree/file-tree.ts";
import { visibleName } from "./tree/visible-name.ts";

interface FilePreviewProps {
  readonly jobId: string;
  readonly file: FileNode;
}

/** One file of the archive: its name, and what is in it, as far as it can be shown. */
export function FilePreview({ jobId, file }: FilePreviewProps) {
  const client = useClient();
  const { key } = useAccess();
  const save = useMutation({ mutationFn: () => saveFile(client, key !== null, { jobId, path: file.path }) });
  return (
    <section className="file-preview" aria-label={visibleName(file.path)}>
      <header className="file-preview-head">
        <h3>{visibleName(file.path.replace(/^outputs\//, ""))}</h3>
        <span className="muted">{file.kind === "link" ? "link" : formatBytes(file.bytes)}</span>
        {file.kind === "link" ? null : (
          <ActionButton isPending={save.isPending} onPress={() => save.mutate()}>
            Download
          </ActionButton>
        )}
      </header>
      {save.error === null ? null : <ProblemNotice what="The file was not downloaded" error={save.error} />}
      <Body jobId={jobId} file={file} />
    </section>
  );
}

function Body({ jobId, file }: FilePreviewProps): ReactNode {
  const kind = previewKindOf(file.path);
  if (file.kind === "link") return <p className="muted">A link to another file: the zip has it as one.</p>;
  if (file.bytes === 0) return <p className="muted">The file is empty.</p>;
  if (kind !== null && wholeKinds.has(kind) && file.bytes > mostBytes[kind])
    return (
      <p className="muted">
        It is larger than the {formatBytes(mostBytes[kind])} that are shown here: download it to look at it.
      </p>
    );
  return <Fetched jobId={jobId} file={file} kind={kind} />;
}

function Fetched({ jobId, file, kind }: FilePreviewProps & { readonly kind: PreviewKind | null }): ReactNode {
  const client = useClient();
  const most = mostBytes[kind ?? "text"];
  const content = useQuery({
    queryKey: ["file", jobId, file.path],
    // A file never changes, and is held for as long as it is looked at.
    ...{ staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    queryFn: async ({ signal }) => readUpTo(await client.file(jobId, file.path, { signal }), most),
  });
  if (content.error !== null)
    return (
      <ProblemNotice
        what="The file cannot be shown"
        error={content.error}
        onRetry={() => void content.refetch()}
      />
    );
  if (content.data === undefined) return <Loading what="the file" />;
  const { bytes, isWhole } = content.data;
  if (kind === null && !isText(bytes))
    return <p className="muted">There is no preview of such files: download it to open it.</p>;
  const Preview = previews[kind ?? "text"];
  return (
    <>
      {isWhole ? null : (
        <p className="file-preview-cut" role="status">
          Shown are the first {formatBytes(most)} of {formatBytes(file.bytes)}: the rest is in the download.
        </p>
      )}
      {/* A file that cannot be drawn leaves the page as it is, and the next one is drawn. */}
      <Failsafe
        key={`${jobId}/${file.path}`}
        title="This file could not be shown"
        advice="Download it to look at it."
      >
        <Suspense fallback={<Loading what="the preview" />}>
          <Preview path={file.path} bytes={bytes} isWhole={isWhole} />
        </Suspense>
      </Failsafe>
    </>
  );
}
