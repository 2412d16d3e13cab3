import "./jobs-page.css";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { KeyMayNot } from "../access/key-may-not.tsx";
import { useMay } from "../access/use-me.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { Loading } from "../widgets/loading.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { CancelSelected } from "./cancel-selected.tsx";
import { FilterBar } from "./filter-bar.tsx";
import {
  beginOf,
  isEverything,
  type ListFilter,
  readFilter,
  toJobFilter,
  writeFilter,
} from "./job-filter.ts";
import { madeSince } from "./job-list.ts";
import { JobTable } from "./job-table.tsx";
import { useJobList } from "./use-job-list.ts";

/** All jobs, the newest first, as they come and go. */
export function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const key = search.toString();
  const filter = useMemo(() => readFilter(new URLSearchParams(key)), [key]);
  const asked = useMemo(() => toJobFilter(filter, Date.now()), [filter]);
  const mayRun = useMay("jobs:write") !== false;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { list: known, error, retry, ...live } = useJobList(asked, key);
  // A page that is left open shows the last hour as it is by now.
  const list = known === undefined ? undefined : madeSince(known, beginOf(filter, Date.now()));
  const onFilter = (next: ListFilter) => {
    setSelected(new Set());
    setSearch(writeFilter(next), { replace: true });
  };
  return (
    <>
      <PageTitle title="Jobs">
        {mayRun ? (
          <Link href="/new" className="action-button action-button-main">
            New job
          </Link>
        ) : null}
      </PageTitle>
      <FilterBar filter={filter} onChange={onFilter} />
      {error === null ? null : (
        <ProblemNotice what="The jobs cannot be asked for" error={error} onRetry={retry} />
      )}
      {list === undefined && error === null ? <Loading what="the jobs" /> : null}
      {list === undefined ? null : (
        <>
          {mayRun ? (
            <CancelSelected
              jobs={list.jobs}
              selected={selected}
              onSelect={setSelected}
              lookAt={live.lookAt}
            />
          ) : (
            <KeyMayNot what="run or cancel jobs" />
          )}
          {list.jobs.length === 0 ? (
            <NoJobs filter={filter} onFilter={onFilter} />
          ) : (
            <JobTable list={list} {...live} selected={selected} onSelect={setSelected} />
          )}
        </>
      )}
    </>
  );
}

interface NoJobsProps {
  readonly filter: ListFilter;
  readonly onFilter: (filter: ListFilter) => void;
}

function NoJobs({ filter, onFilter }: NoJobsProps) {
  if (isEverything(filter))
    return (
      <div className="panel no-jobs">
        <h2>No jobs yet</h2>
        <p>
          <Link href="/new">Describe the first one</Link>: there are examples that run without a model. It
          appears here, and so do those that come from programs and the command line.
        </p>
      </div>
    );
  return (
    <div className="panel no-jobs">
      <h2>No job fits</h2>
      <p>
        <Link href="/jobs" onClick={() => onFilter(readFilter(new URLSearchParams()))}>
          Show all jobs
        </Link>
      </p>
    </div>
  );
}
