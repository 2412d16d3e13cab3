-- What is still to be removed of Jobs that have expired or whose row is gone. Their readers are turned away already;
-- the archive and the events go bit by bit, and the row here goes last.
CREATE TABLE removals (
  job_id uuid PRIMARY KEY,
  archive_key text,
  -- Events up to this number may be there still. They go from the last one down, so that nobody who reads them in
  -- their order ever meets a gap: what there is, is always the beginning.
  events_left bigint NOT NULL CHECK (events_left >= 0),
  asked_at timestamptz NOT NULL DEFAULT longshore_now()
);

CREATE INDEX removals_of_events ON removals (asked_at) WHERE events_left > 0;
CREATE INDEX removals_of_archives ON removals (archive_key) WHERE archive_key IS NOT NULL;
CREATE INDEX removals_done ON removals (job_id) WHERE events_left = 0 AND archive_key IS NULL;

INSERT INTO removals (job_id, archive_key, events_left)
SELECT id, archive_key, last_seq FROM jobs WHERE expired_at IS NOT NULL AND events_deleted_at IS NULL;

-- Retention by total size adds up the archives from the newest on; by age of the row, it asks for the oldest expiry.
CREATE INDEX jobs_kept_archives ON jobs (finished_at, id) INCLUDE (archive_bytes)
  WHERE expired_at IS NULL AND archive_key IS NOT NULL;
CREATE INDEX jobs_expired ON jobs (expired_at) WHERE expired_at IS NOT NULL;
-- Whether a Job names an archive.
CREATE INDEX jobs_archive_keys ON jobs (archive_key) WHERE expired_at IS NULL AND archive_key IS NOT NULL;
-- A Job that is deleted takes its key with it.
CREATE INDEX idempotency_keys_job ON idempotency_keys (job_id);

CREATE FUNCTION jobs_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.finished_at IS NULL THEN
    RAISE EXCEPTION 'job % has not ended: it cannot be deleted', OLD.id USING ERRCODE = 'LS001';
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER jobs_guard_delete BEFORE DELETE ON jobs
  FOR EACH ROW EXECUTE FUNCTION jobs_guard_delete();
