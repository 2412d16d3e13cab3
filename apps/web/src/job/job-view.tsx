import { type Job, ProblemError } from "@longshore/client";
import { useState } from "react";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { Notice } from "../widgets/notice.tsx";
import { StreamState } from "./feed/stream-state.tsx";
import { type FollowedJob, useFed } from "./feed/use-job-feed.ts";
import { EndNotice } from "./header/end-notice.tsx";
import { JobHeader } from "./header/job-header.tsx";
import { Pipeline } from "./header/pipeline.tsx";
import { pipelinePlaces } from "./header/pipeline-places.ts";
import { Prompt } from "./header/prompt.tsx";
import { refine } from "./history/job-history.ts";
import { JobTabs, type TabName } from "./job-tabs.tsx";
import { useLineAnchor } from "./log/use-line-anchor.ts";
import { errorLine, type ShownStep } from "./plan/error-line.ts";

interface JobViewProps {
  readonly job: Job;
  readonly followed: FollowedJob;
}

/** A job's page: what it is, where it stands, and in tabs all that is known of it. */
export function JobView({ job, followed }: JobViewProps) {
  const { feed, retry } = followed;
  const history = refine(useFed(feed, "history"), job);
  const trouble = useFed(feed, "trouble");
  const state = useFed(feed, "state");
  const [tab, setTab] = useState<TabName>("output");
  const [shown, setShown] = useState<ShownStep | null>(null);
  const anchor = useLineAnchor();
  const show = (step: ShownStep | null) => {
    setShown(step);
    setTab("output");
  };
  const error = errorLine(feed.log, history);
  const toError = () => {
    if (error === null) return;
    show(null);
    anchor.point(error.line);
  };
  const onError = error === null ? null : toError;
  return (
    <article className="job">
      <JobHeader job={job} />
      <Prompt prompt={job.prompt} />
      <EndNotice job={job} onError={onError} />
      <Trouble trouble={trouble} onRetry={retry} />
      <div className="job-standing">
        <Pipeline places={pipelinePlaces(job, history.marks)} />
        <StreamState state={state} />
      </div>
      <JobTabs {...{ job, feed, history, tab, shown, anchor, onError }} onTab={setTab} onShow={show} />
    </article>
  );
}

interface TroubleProps {
  readonly trouble: Error | null;
  readonly onRetry: () => void;
}

/** Why what happens cannot be followed. */
function Trouble({ trouble, onRetry }: TroubleProps) {
  if (trouble === null) return null;
  if (trouble instanceof ProblemError && trouble.code === "expired")
    return (
      <Notice tone="plain" title="The job's retention is over">
        <p>
          Its log and its outputs were removed, and what was asked of it is told no more. What is left is how
          it ended.
        </p>
      </Notice>
    );
  return <ProblemNotice what="The job cannot be followed" error={trouble} onRetry={onRetry} />;
}
