-- What a tenant may use, where that is otherwise than the service's settings say. Null: as they say. 0: without a bound.
CREATE TABLE tenant_limits (
  tenant text PRIMARY KEY CHECK (tenant ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  unfinished integer CHECK (unfinished >= 0),
  queued integer CHECK (queued >= 0),
  per_minute integer CHECK (per_minute >= 0),
  stored_mb integer CHECK (stored_mb >= 0)
);

-- What of a tenant's use its jobs do not tell cheaply. Its row is also what two submissions at once wait for.
CREATE TABLE tenant_use (
  tenant text PRIMARY KEY,
  -- How many may be submitted at once, as of filled_at: it fills, up to the minute's bound, by that bound in a minute.
  -- A deleted job does not give it back.
  allowance float8,
  filled_at timestamptz,
  -- Of its archives together, as of measured_at.
  stored_bytes bigint NOT NULL DEFAULT 0,
  measured_at timestamptz
);

CREATE INDEX jobs_queued_by_tenant ON jobs (tenant, run_after, id) WHERE status = 'queued';
CREATE INDEX jobs_running_by_tenant ON jobs (tenant) WHERE status = 'running';
CREATE INDEX jobs_kept_by_tenant ON jobs (tenant) INCLUDE (archive_bytes)
  WHERE expired_at IS NULL AND archive_key IS NOT NULL;

-- Whether a tenant may submit one more job: why not, and the seconds after which it may well ask again; both null where
-- it may. Counts it as submitted. The bounds given are the service's; 0 is none. `holder` and `idempotency_key` tell a
-- replay, which adds nothing.
--
-- It is a function because what it counts must be looked at after the wait for its turn: a statement sees what was
-- there when it began, each statement in here what is there when its own turn has come. The turn ends with the
-- transaction, when the job is there to be counted by the next.
CREATE FUNCTION longshore_admit(
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
               SELECT coalesce(sum(archive_bytes), 0) FROM jobs
                WHERE tenant = of_tenant AND expired_at IS NULL AND archive_key IS NOT NULL)
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
