-- Which key made this one over HTTP: who ends a key that leaked looks for what it has made. NULL for what was made where
-- the database is, and where the audit trail of a version before does not tell any more.
ALTER TABLE api_keys ADD COLUMN created_by uuid REFERENCES api_keys (id);

-- A key may not change otherwise. The trail's own text is no promise: what is no id of a key is left out.
ALTER TABLE api_keys DISABLE TRIGGER api_keys_guard;
UPDATE api_keys AS made SET created_by = maker.id
  FROM audit_events AS told, api_keys AS maker
 WHERE told.key_id = made.id AND told.action = 'key.created' AND maker.id::text = told.details ->> 'by';
ALTER TABLE api_keys ENABLE TRIGGER api_keys_guard;
