-- What a tenant keeps is added up by looking at each of its jobs: with a million of them that takes a part of a second, while
-- the tenant's row is held. So it is done the more seldom the longer it takes: for a twentieth of the time at most, but once
-- a minute.
ALTER TABLE tenant_use ADD COLUMN measured_seconds float8 NOT NULL DEFAULT 0 CHECK (measured_seconds >= 0);

-- As before, but for that.
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
  began timestamptz;
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
    IF used.measured_at IS NULL
       OR abs(extract(epoch FROM at - used.measured_at)) > least(60, greatest(1, 20 * used.measured_seconds)) THEN
      began := clock_timestamp();
      SELECT coalesce(sum(kept_bytes), 0) INTO used.stored_bytes FROM jobs
       WHERE tenant = of_tenant AND expired_at IS NULL AND finished_at IS NOT NULL;
      UPDATE tenant_use SET measured_at = at, stored_bytes = used.stored_bytes,
                            measured_seconds = extract(epoch FROM clock_timestamp() - began)
       WHERE tenant = of_tenant;
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

-- As before, but a single job, too, waits for two seconds at most for a row that somebody else holds (55P03): those of one
-- tenant would else take all connections, and keep the jobs of others waiting behind them.
CREATE OR REPLACE FUNCTION longshore_accept(given jsonb, given_usage jsonb, given_timings jsonb)
RETURNS TABLE (of_job uuid, stored_at timestamptz, refusal text, retry_seconds integer, bound_job uuid, bound_sha256 text)
LANGUAGE plpgsql AS $$
DECLARE
  job record;
BEGIN
  PERFORM set_config('lock_timeout', CASE WHEN jsonb_array_length(given) > 1 THEN '100ms' ELSE '2s' END, true);
  FOR job IN
    SELECT entry.* FROM ROWS FROM (jsonb_to_recordset(given) AS (
        id uuid, tenant text, key_id uuid, max_attempts integer, prompt text, metadata jsonb, request jsonb,
        secrets text, secrets_key_id text, holder text, key text, body_sha256 text,
        unfinished integer, queued integer, per_minute integer, stored_mb integer)) WITH ORDINALITY AS entry
     ORDER BY entry.tenant, entry.key, entry.ordinality
  LOOP
    of_job := job.id;
    stored_at := NULL;
    bound_job := NULL;
    bound_sha256 := NULL;
    SELECT admitted.refusal, admitted.retry_seconds INTO refusal, retry_seconds
      FROM longshore_admit(job.tenant, job.unfinished, job.queued, job.per_minute, job.stored_mb, job.holder, job.key) AS admitted;
    IF refusal IS NULL AND job.key IS NOT NULL THEN
      INSERT INTO idempotency_keys AS bound (caller, key, body_sha256, job_id)
      VALUES (job.holder, job.key, job.body_sha256, job.id)
      ON CONFLICT (caller, key) DO UPDATE
         SET body_sha256 = excluded.body_sha256, job_id = excluded.job_id, created_at = excluded.created_at
       WHERE bound.created_at < longshore_now() - interval '24 hours';
      IF NOT FOUND THEN
        SELECT bound.job_id, bound.body_sha256 INTO bound_job, bound_sha256
          FROM idempotency_keys AS bound WHERE bound.caller = job.holder AND bound.key = job.key;
        RETURN NEXT;
        CONTINUE;
      END IF;
    END IF;
    IF refusal IS NULL THEN
      INSERT INTO jobs AS stored (id, tenant, owner_key_id, max_attempts, prompt, metadata, request, usage, timings, last_seq,
                                  secrets, secrets_key_id)
      VALUES (job.id, job.tenant, job.key_id, job.max_attempts, job.prompt, job.metadata, job.request, given_usage,
              given_timings, 1, decode(job.secrets, 'base64'), job.secrets_key_id)
      RETURNING stored.created_at INTO stored_at;
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      VALUES (job.id, 1, 1, 'state', '{"status": "queued", "node": null, "attempt": 1}');
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
