import type { Job } from "@longshore/client";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { OutputsPanel } from "../outputs/outputs-panel.tsx";
import type { JobFeed } from "./feed/create-job-feed.ts";
import type { JobHistory } from "./history/job-history.ts";
import type { LineAnchor } from "./log/use-line-anchor.ts";
import { ModelCalls } from "./models/model-calls.tsx";
import type { ShownStep } from "./plan/error-line.ts";
import { StepsAndOutput } from "./plan/steps-and-output.tsx";
import { Turns } from "./plan/turns.tsx";
import { useTurnCode } from "./plan/use-turn-code.ts";
import { toSegments } from "./timeline/segments.ts";
import { Timeline } from "./timeline/timeline.tsx";
import { LimitsAndUse } from "./usage/limits-and-use.tsx";
import { useNow } from "./use-now.ts";

const tabs = ["output", "files", "timeline", "turns", "models", "limits"] as const;
export type TabName = (typeof tabs)[number];

interface JobTabsProps {
  readonly job: Job;
  readonly feed: JobFeed;
  readonly history: JobHistory;
  readonly tab: TabName;
  readonly onTab: (tab: TabName) => void;
  /** Which step's output is shown; null for all. */
  readonly shown: ShownStep | null;
  readonly onShow: (step: ShownStep | null) => void;
  readonly anchor: LineAnchor;
  readonly onError: (() => void) | null;
}

/** All that is known of a job, by what one wants to know. */
export function JobTabs({ job, history, tab, onTab, ...rest }: JobTabsProps) {
  const isLive = job.finished_at === null;
  const codeOf = useTurnCode(job, history.turns);
  const now = useNow(isLive);
  return (
    <Tabs
      className="job-tabs"
      selectedKey={tab}
      onSelectionChange={(key) => onTab(tabs.find((name) => name === key) ?? "output")}
    >
      <TabList className="job-tab-list" aria-label="About the job">
        <Tab id="output">Steps and log</Tab>
        <Tab id="files">Outputs{job.output === null ? "" : ` (${String(job.output.files)})`}</Tab>
        <Tab id="timeline">Time line</Tab>
        <Tab id="turns">Plans ({history.turns.length})</Tab>
        <Tab id="models">Model calls ({job.usage.calls.length})</Tab>
        <Tab id="limits">Limits and use</Tab>
      </TabList>
      <TabPanel id="output">
        <StepsAndOutput {...{ history, codeOf, now, isLive }} {...rest} />
      </TabPanel>
      <TabPanel id="files">
        <OutputsPanel jobId={job.job_id} job={job} />
      </TabPanel>
      <TabPanel id="timeline" className="panel">
        <Timeline
          segments={toSegments(history, job)}
          now={now}
          onStep={({ turn, index }) => rest.onShow({ turn, step: index })}
        />
      </TabPanel>
      <TabPanel id="turns">
        <Turns turns={history.turns} codeOf={codeOf} />
      </TabPanel>
      <TabPanel id="models">
        <ModelCalls job={job} />
      </TabPanel>
      <TabPanel id="limits">
        <LimitsAndUse job={job} now={now} />
      </TabPanel>
    </Tabs>
  );
}
