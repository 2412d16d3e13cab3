import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { AccessGate } from "../access/access-gate.tsx";
import { queryClient } from "../service/query-client.ts";
import { Failsafe } from "../widgets/failsafe.tsx";
import { Loading } from "../widgets/loading.tsx";
import { NotFound } from "./not-found.tsx";
import { Shell } from "./shell.tsx";

const JobsPage = lazy(async () => ({ default: (await import("../jobs/jobs-page.tsx")).JobsPage }));
const loadJobPage = async () => ({ default: (await import("../job/job-page.tsx")).JobPage });
const JobPage = lazy(loadJobPage);
const NewJobPage = lazy(async () => ({ default: (await import("../new-job/new-job-page.tsx")).NewJobPage }));
const SystemPage = lazy(async () => ({ default: (await import("../system/system-page.tsx")).SystemPage }));

// The largest page, and the one that links lead to: its code comes while this is being drawn.
if (location.pathname.startsWith("/ui/jobs/")) void loadJobPage().catch(() => undefined);

/** The whole dashboard, below /ui. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Router base="/ui">
        <Shell>
          <Pages />
        </Shell>
      </Router>
    </QueryClientProvider>
  );
}

/** The page of the address. One that cannot be drawn is in the way of no other. */
function Pages() {
  const [location] = useLocation();
  return (
    <Failsafe
      key={location}
      title="This page could not be shown"
      advice="Your jobs are not touched by this. Load the page again; if it stays, tell who runs the service."
    >
      <AccessGate>
        <Suspense fallback={<Loading what="the page" />}>
          <Switch>
            <Route path="/">
              <Redirect to="/jobs" replace />
            </Route>
            <Route path="/new">
              <NewJobPage />
            </Route>
            <Route path="/jobs">
              <JobsPage />
            </Route>
            <Route path="/jobs/:id">{({ id }) => <JobPage key={id} jobId={id} />}</Route>
            <Route path="/system">
              <SystemPage />
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </AccessGate>
    </Failsafe>
  );
}
