-- A job's secrets, sealed (AES-256-GCM, bound to the job's id), and which key opens them. They are there for no longer
-- than the job needs them: whatever statement ends it, they go with it.
ALTER TABLE jobs
  ADD COLUMN secrets bytea,
  ADD COLUMN secrets_key_id text,
  ADD CONSTRAINT jobs_secrets_whole CHECK (num_nonnulls(secrets, secrets_key_id) IN (0, 2)),
  ADD CONSTRAINT jobs_secrets_gone_when_ended CHECK (secrets IS NULL OR finished_at IS NULL);

CREATE FUNCTION jobs_wipe_secrets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.secrets := NULL;
  NEW.secrets_key_id := NULL;
  RETURN NEW;
END $$;

CREATE TRIGGER jobs_wipe_secrets BEFORE UPDATE ON jobs
  FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL AND NEW.secrets IS NOT NULL)
  EXECUTE FUNCTION jobs_wipe_secrets();
