-- What signed links to archives are made from, beside SECRETS_KEY where there is one. It never leaves the APIs.
ALTER TABLE installation ADD COLUMN link_secret bytea NOT NULL
  DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
