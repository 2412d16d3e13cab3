-- How many failed lately by which code, and which was the last, is found without a look at all others.
CREATE INDEX jobs_failed ON jobs ((failure ->> 'code'), finished_at) WHERE status = 'failed';

-- As before, but archives can be added up from it alone, too.
DROP INDEX jobs_kept;
CREATE INDEX jobs_kept ON jobs (finished_at, id) INCLUDE (kept_bytes, archive_bytes)
  WHERE expired_at IS NULL AND finished_at IS NOT NULL;
