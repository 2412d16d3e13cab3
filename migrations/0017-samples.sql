-- What the sandbox of an attempt used, looked at again and again while it ran: one row an attempt, rewritten with each look,
-- so that it is bounded, and is removed as one. Nothing is decided by it.
CREATE TABLE job_samples (
  job_id uuid NOT NULL,
  attempt integer NOT NULL CHECK (attempt >= 1),
  times timestamptz[] NOT NULL,
  memory_bytes bigint[] NOT NULL,
  cpu_ms bigint[] NOT NULL,
  PRIMARY KEY (job_id, attempt),
  CONSTRAINT job_samples_are_whole CHECK (
    cardinality(times) BETWEEN 1 AND 300
    AND cardinality(memory_bytes) = cardinality(times) AND cardinality(cpu_ms) = cardinality(times))
);
