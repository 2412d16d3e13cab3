-- When a tenant had its last turn. Not of its jobs: one who deletes what has run would never have had one.
ALTER TABLE tenant_use ADD COLUMN turn_at timestamptz;
-- What has been due for longest, of whatever tenant.
CREATE INDEX jobs_due ON jobs (run_after, id) WHERE status = 'queued';
