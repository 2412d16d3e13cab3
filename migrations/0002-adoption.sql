-- What a worker needs that takes over a running attempt, with its container, from one that is gone.
ALTER TABLE jobs
  -- How often the lease of the present attempt has changed hands: the agent and the container's name go by it.
  ADD COLUMN lease_epoch integer NOT NULL DEFAULT 0 CHECK (lease_epoch >= 0),
  -- The engine that has the attempt's container, as it calls itself; null where it did not say.
  ADD COLUMN engine_id text,
  -- What the pipeline remembers of the present attempt that no event says.
  ADD COLUMN resume jsonb,
  -- The end that was settled on, in full, and its archive once that is stored: what is left is to write it.
  ADD COLUMN settled jsonb,
  ADD CONSTRAINT jobs_settled_whole CHECK (settled IS NULL OR settled_status IS NOT NULL);

-- What agents know their owners by is made from this; it never leaves the workers.
ALTER TABLE installation ADD COLUMN secret uuid NOT NULL DEFAULT gen_random_uuid();
