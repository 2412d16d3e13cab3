-- What a job keeps until it expires is its archive and its events: both count where a size is bounded.
ALTER TABLE jobs
  -- Of the events that its attempts have written. In no index: it grows with each batch of them, and a row that changes
  -- in an index is written anew in all.
  ADD COLUMN event_bytes bigint NOT NULL DEFAULT 0 CHECK (event_bytes >= 0),
  -- Of both together, from the end on.
  ADD COLUMN kept_bytes bigint NOT NULL DEFAULT 0 CHECK (kept_bytes >= 0);

-- What has ended may not change otherwise. Of what has expired nothing is kept.
ALTER TABLE jobs DISABLE TRIGGER jobs_guard_transition;
UPDATE jobs SET kept_bytes = archive_bytes WHERE archive_bytes IS NOT NULL AND expired_at IS NULL;
ALTER TABLE jobs ENABLE TRIGGER jobs_guard_transition;

CREATE FUNCTION jobs_add_up_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.kept_bytes := coalesce(NEW.archive_bytes, 0) + NEW.event_bytes;
  RETURN NEW;
END $$;

CREATE TRIGGER jobs_add_up_kept BEFORE INSERT OR UPDATE OF finished_at ON jobs
  FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION jobs_add_up_kept();

DROP INDEX jobs_kept_archives;
CREATE INDEX jobs_kept ON jobs (finished_at, id) INCLUDE (kept_bytes)
  WHERE expired_at IS NULL AND finished_at IS NOT NULL;
DROP INDEX jobs_kept_by_tenant;
CREATE INDEX jobs_kept_by_tenant ON jobs (tenant) INCLUDE (kept_bytes)
  WHERE expired_at IS NULL AND finished_at IS NOT NULL;

-- As before, but for what is stored.
CREATE OR REPLACE FUNCTION longshore_admit(
  of_tenant text, given_unfinished integer, given_queued integer, given_per_minute integer, given_stored_mb integer,
  holder text, idempotency_key text, OUT refusal text, OUT retry_seconds integer
) LANGUAGE plpgsql AS $$
DECLARE
  most record;
  used tenant_use;
  at timestamptz;
  waiting bigint;
  filled float8;
BEGIN
  SELECT nullif(coalesce(own.unfinished, given_unfinished), 0) AS unfinished,
         nullif(coalesce(own.queued, given_queued), 0) AS queued,
         nullif(coalesce(own.per_minute, given_per_minute), 0) AS per_minute,
         nullif(coalesce(own.stored_mb, given_stored_mb), 0) AS stored_mb
    INTO most FROM (SELECT) AS one LEFT JOIN tenant_limits AS own ON own.tenant = of_tenant;
  IF num_nonnulls(most.unfinished, most.queued, most.per_minute, most.stored_mb) = 0 THEN RETURN; END IF;

  INSERT INTO tenant_use (tenant) VALUES (of_tenant) ON CONFLICT DO NOTHING;
  SELECT * INTO used FROM tenant_use WHERE tenant = of_tenant FOR UPDATE;
  at := longshore_now();
  IF EXISTS (SELECT FROM idempotency_keys AS bound
              WHERE bound.caller = holder AND bound.key = idempotency_key
                AND bound.created_at >= at - interval '24 hours') THEN
    RETURN;
  END IF;

  IF num_nonnulls(most.unfinished, most.queued) > 0 THEN
    -- No more are counted than the bounds.
    SELECT count(*) INTO waiting FROM (
      SELECT FROM jobs WHERE status = 'queued' AND tenant = of_tenant LIMIT greatest(most.unfinished, most.queued)) AS counted;
    retry_seconds := 5;
    IF waiting >= most.queued THEN
      refusal := 'tenant_queue_full';
      RETURN;
    END IF;
    IF waiting + (SELECT count(*) FROM jobs WHERE status = 'running' AND tenant = of_tenant) >= most.unfinished THEN
      refusal := 'tenant_jobs_full';
      RETURN;
    END IF;
    retry_seconds := NULL;
  END IF;

  IF most.stored_mb IS NOT NULL THEN
    IF used.measured_at IS NULL OR abs(extract(epoch FROM at - used.measured_at)) > 1 THEN
      UPDATE tenant_use SET measured_at = at, stored_bytes = (
               SELECT coalesce(sum(kept_bytes), 0) FROM jobs
                WHERE tenant = of_tenant AND expired_at IS NULL AND finished_at IS NOT NULL)
       WHERE tenant = of_tenant RETURNING stored_bytes INTO used.stored_bytes;
    END IF;
    IF used.stored_bytes >= most.stored_mb * 1048576::bigint THEN
      refusal := 'tenant_storage_full';
      retry_seconds := 30;
      RETURN;
    END IF;
  END IF;

  IF most.per_minute IS NOT NULL THEN
    filled := least(most.per_minute, coalesce(
      used.allowance + greatest(0, extract(epoch FROM at - used.filled_at)) * most.per_minute / 60, most.per_minute));
    IF filled < 1 THEN
      refusal := 'tenant_rate_exceeded';
      retry_seconds := ceil((1 - filled) * 60 / most.per_minute);
      RETURN;
    END IF;
    UPDATE tenant_use SET allowance = filled - 1, filled_at = at WHERE tenant = of_tenant;
  END IF;
END $$;
