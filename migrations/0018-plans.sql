-- The steps of every plan that a job had, also of those that another has replaced, by the number of the plan's event. They
-- are masked, as the log is: who reads the job reads them. NULL where the caller gave the steps: those lie in
-- jobs.plan_steps, sealed where the job has secrets.
CREATE TABLE job_plans (
  job_id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq >= 1),
  steps jsonb,
  PRIMARY KEY (job_id, seq)
);
