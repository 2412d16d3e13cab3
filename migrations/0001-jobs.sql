-- The clock that every lease, deadline and sweep goes by. A session may shift it (tests do) by
-- SET longshore.clock_shift = '30 seconds'; nothing but this function reads the time.
CREATE FUNCTION longshore_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT clock_timestamp() + coalesce(nullif(current_setting('longshore.clock_shift', true), ''), '0')::interval
$$;

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  prefix text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT longshore_now(),
  revoked_at timestamptz
);

CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  owner_key_id uuid REFERENCES api_keys (id),
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  node text CHECK (node IN ('analyze', 'shell', 'python', 'write_file', 'compile')),
  attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  failed_attempts integer NOT NULL DEFAULT 0 CHECK (failed_attempts >= 0),
  max_attempts integer NOT NULL CHECK (max_attempts BETWEEN 1 AND 10),
  prompt text,
  metadata jsonb NOT NULL,
  request jsonb NOT NULL,
  -- The last plan as it is shown, and its Steps as they run.
  plan jsonb,
  plan_steps jsonb,
  failure jsonb,
  usage jsonb NOT NULL,
  timings jsonb NOT NULL,
  sandbox jsonb,
  created_at timestamptz NOT NULL DEFAULT longshore_now(),
  -- When the present Attempt became due; dispatched_at is when its Message was last given to the queue.
  run_after timestamptz NOT NULL DEFAULT longshore_now(),
  dispatched_at timestamptz,
  started_at timestamptz,
  attempt_started_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz,
  -- The end that the lease's owner has settled on, while it still writes the archive: a cancel comes too late for it.
  settled_status text CHECK (settled_status IN ('succeeded', 'failed', 'cancelled')),
  lease_owner uuid,
  lease_until timestamptz,
  -- Number of the last Event, and of the last frame of the present Attempt's agent that is on disk.
  last_seq bigint NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
  agent_seq bigint NOT NULL DEFAULT 0 CHECK (agent_seq >= 0),
  archive_key text,
  archive_bytes bigint CHECK (archive_bytes > 0),
  archive_sha256 text CHECK (archive_sha256 ~ '^[0-9a-f]{64}$'),
  output_files integer CHECK (output_files >= 0),
  output_bytes bigint CHECK (output_bytes >= 0),
  expires_at timestamptz,
  expired_at timestamptz,
  -- The events of an expired job go in many statements; this is set after the last of them.
  events_deleted_at timestamptz,

  CONSTRAINT jobs_lease_iff_running CHECK (
    num_nonnulls(lease_owner, lease_until) = CASE WHEN status = 'running' THEN 2 ELSE 0 END),
  CONSTRAINT jobs_node_only_while_running CHECK (node IS NULL OR status = 'running'),
  CONSTRAINT jobs_failure_iff_failed CHECK ((failure IS NOT NULL) = (status = 'failed')),
  CONSTRAINT jobs_finished_iff_terminal CHECK (
    (status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)
    AND (finished_at IS NULL) = (expires_at IS NULL)),
  CONSTRAINT jobs_started_when_run CHECK (
    status NOT IN ('running', 'succeeded', 'failed')
    OR num_nonnulls(started_at, attempt_started_at) = 2),
  CONSTRAINT jobs_archive_is_whole CHECK (
    num_nonnulls(archive_key, archive_bytes, archive_sha256, output_files, output_bytes) IN (0, 5)),
  CONSTRAINT jobs_archive_only_when_ended CHECK (archive_key IS NULL OR finished_at IS NOT NULL),
  CONSTRAINT jobs_success_has_archive CHECK (status <> 'succeeded' OR archive_key IS NOT NULL),
  -- Both ways: who was told that the job will be cancelled was told the truth.
  CONSTRAINT jobs_cancelled_iff_asked CHECK (
    CASE WHEN status = 'running' THEN cancel_requested_at IS NULL OR settled_status IS NULL OR settled_status = 'cancelled'
         ELSE (status = 'cancelled') = (cancel_requested_at IS NOT NULL) END),
  CONSTRAINT jobs_settled_only_while_running CHECK (settled_status IS NULL OR status = 'running'),
  CONSTRAINT jobs_expired_only_when_ended CHECK (expired_at IS NULL OR finished_at IS NOT NULL),
  CONSTRAINT jobs_events_deleted_only_when_expired CHECK (events_deleted_at IS NULL OR expired_at IS NOT NULL)
);

CREATE INDEX jobs_undelivered ON jobs (dispatched_at NULLS FIRST, run_after) WHERE status = 'queued';
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_expiry ON jobs (expires_at) WHERE expired_at IS NULL AND finished_at IS NOT NULL;
CREATE INDEX jobs_events_to_delete ON jobs (expired_at) WHERE expired_at IS NOT NULL AND events_deleted_at IS NULL;
CREATE INDEX jobs_by_status ON jobs (status, id DESC);
CREATE INDEX jobs_by_owner ON jobs (owner_key_id, id DESC);
CREATE INDEX jobs_created ON jobs (created_at);
CREATE INDEX jobs_metadata ON jobs USING gin (metadata jsonb_path_ops);

-- The table of transitions (packages/shared/src/domain/job-state.ts), and: what has ended stays as it is,
-- except that it expires, once, and then loses its events, once.
CREATE FUNCTION jobs_guard_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('succeeded', 'failed', 'cancelled') THEN
    IF to_jsonb(NEW) - ARRAY['expired_at', 'events_deleted_at']
         IS DISTINCT FROM to_jsonb(OLD) - ARRAY['expired_at', 'events_deleted_at']
       OR OLD.events_deleted_at IS NOT NULL
       OR (OLD.expired_at IS NOT NULL AND NEW.expired_at IS DISTINCT FROM OLD.expired_at) THEN
      RAISE EXCEPTION 'job % has ended as %: it cannot change', OLD.id, OLD.status USING ERRCODE = 'LS001';
    END IF;
  ELSIF (OLD.status, NEW.status) NOT IN (
    ('queued', 'queued'), ('queued', 'running'), ('queued', 'cancelled'),
    ('running', 'running'), ('running', 'queued'),
    ('running', 'succeeded'), ('running', 'failed'), ('running', 'cancelled')) THEN
    RAISE EXCEPTION 'job %: % cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'LS001';
  ELSIF NEW.attempt < OLD.attempt OR NEW.attempt > OLD.attempt + 1 OR NEW.last_seq < OLD.last_seq THEN
    RAISE EXCEPTION 'job %: attempt and events only go on', OLD.id USING ERRCODE = 'LS001';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER jobs_guard_transition BEFORE UPDATE ON jobs
  FOR EACH ROW EXECUTE FUNCTION jobs_guard_transition();

-- Rows are written only beside the fenced UPDATE of their Job that counts last_seq on: hence no foreign key,
-- which would cost every log line a look-up.
CREATE TABLE job_events (
  job_id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq >= 1),
  time timestamptz NOT NULL DEFAULT longshore_now(),
  attempt integer NOT NULL CHECK (attempt >= 1),
  type text NOT NULL CHECK (type IN ('state', 'plan', 'step', 'model', 'log', 'end')),
  node text CHECK (node IN ('analyze', 'shell', 'python', 'write_file', 'compile')),
  step integer CHECK (step >= 1),
  stream text CHECK (stream IN ('stdout', 'stderr', 'system')),
  text text,
  continued boolean NOT NULL DEFAULT false,
  body jsonb,
  PRIMARY KEY (job_id, seq),
  CONSTRAINT job_events_log_has_text CHECK (
    (type = 'log') = (text IS NOT NULL) AND (type = 'log') = (stream IS NOT NULL) AND (type = 'log') = (body IS NULL))
);

CREATE TABLE idempotency_keys (
  -- '' where no API key is configured.
  caller text NOT NULL,
  key text NOT NULL,
  body_sha256 text NOT NULL,
  job_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT longshore_now(),
  PRIMARY KEY (caller, key)
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- What each worker last said of itself, for /ready and /metrics. A hint: nothing is decided by it.
CREATE TABLE workers (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT longshore_now(),
  seen_at timestamptz NOT NULL DEFAULT longshore_now(),
  report jsonb NOT NULL
);

-- Who we are to the container engine: its containers carry this id, so that two installations on one engine leave
-- each other's alone, and a restarted one knows its own.
CREATE TABLE installation (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  id uuid NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO installation DEFAULT VALUES;
