-- Who may ask, and whose a Job is. Nothing made a key before this version: the defaults are for no row.
ALTER TABLE api_keys
  ADD COLUMN tenant text NOT NULL DEFAULT 'local',
  ADD COLUMN scopes text[] NOT NULL DEFAULT '{}',
  ADD COLUMN expires_at timestamptz,
  -- Written at most once a minute.
  ADD COLUMN last_used_at timestamptz,
  -- Such names are safe in logs, in file names and as labels of metrics.
  ADD CONSTRAINT api_keys_tenant_is_a_name CHECK (tenant ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  ADD CONSTRAINT api_keys_hash_is_sha256 CHECK (octet_length(hash) = 32),
  ADD CONSTRAINT api_keys_scopes_are_known CHECK (scopes <@ ARRAY['jobs:read', 'jobs:write', 'admin']);
ALTER TABLE api_keys ALTER COLUMN tenant DROP DEFAULT, ALTER COLUMN scopes DROP DEFAULT;

-- A key is what it was made as, and is revoked once. Its row stays for ever: by it the audit trail can be read, and
-- a service that has had a key never takes callers without one again.
CREATE FUNCTION api_keys_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'key % cannot be deleted: revoke it', OLD.prefix USING ERRCODE = 'LS001';
  END IF;
  IF to_jsonb(NEW) - ARRAY['last_used_at', 'revoked_at'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['last_used_at', 'revoked_at']
     OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) THEN
    RAISE EXCEPTION 'key % cannot change, but be revoked, once', OLD.prefix USING ERRCODE = 'LS001';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER api_keys_guard BEFORE UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION api_keys_guard();

-- 'local' is the tenant of a service without keys. A key may be made for it, and then sees what was there before.
ALTER TABLE jobs
  ADD COLUMN tenant text NOT NULL DEFAULT 'local' CHECK (tenant ~ '^[a-z0-9][a-z0-9._-]{0,62}$');

-- Lists are always of one tenant.
CREATE INDEX jobs_by_tenant ON jobs (tenant, id DESC);
CREATE INDEX jobs_by_tenant_and_status ON jobs (tenant, status, id DESC);
DROP INDEX jobs_by_owner;
DROP INDEX jobs_by_status;

-- Who did what, for people who look into it later. Rows go after a time of their own; no other table is bound to them,
-- so that a deletion leaves its trace.
CREATE TABLE audit_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL DEFAULT longshore_now(),
  -- What happened, as '<thing>.<what became of it>': 'key.revoked', 'job.deleted'.
  action text NOT NULL CHECK (action ~ '^[a-z]+\.[a-z_]+$'),
  -- Null where the caller is not known.
  tenant text,
  key_id uuid,
  job_id uuid,
  request_id text,
  details jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX audit_events_age ON audit_events (time);
CREATE INDEX audit_events_of_key ON audit_events (key_id, id DESC) WHERE key_id IS NOT NULL;
CREATE INDEX audit_events_of_tenant ON audit_events (tenant, id DESC) WHERE tenant IS NOT NULL;
