-- As before, but in the order of the tenants, in which leases lock what is kept of them, too: by holders, which are '' for
-- one tenant, the two could wait for each other in a circle. A holder is that of one tenant, so that keys are still in order.
-- And several jobs wait 100 ms at most for a row that somebody else holds: the caller then stores each by itself (55P03), so
-- that no tenant waits for another's row. A single job waits for it as long as a statement may take.
CREATE OR REPLACE FUNCTION longshore_accept(given jsonb, given_usage jsonb, given_timings jsonb)
RETURNS TABLE (of_job uuid, stored_at timestamptz, refusal text, retry_seconds integer, bound_job uuid, bound_sha256 text)
LANGUAGE plpgsql AS $$
DECLARE
  job record;
BEGIN
  IF jsonb_array_length(given) > 1 THEN PERFORM set_config('lock_timeout', '100ms', true); END IF;
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
