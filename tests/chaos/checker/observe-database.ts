import postgres from "postgres";
import type { Timeline } from "../report/timeline.ts";

/** A change of a Job's row that matters, as the database itself saw it. */
export interface Transition {
  readonly jobId: string;
  readonly fromStatus: string;
  readonly toStatus: string;
  readonly owner: string | null;
  readonly previousOwner: string | null;
  readonly attempt: number;
  readonly settled: string | null;
}

/** A Job's row, as far as it is looked at. */
export interface ObservedJob {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly lastSeq: number;
  readonly owner: string | null;
  readonly archiveKey: string | null;
  readonly archiveSha256: string | null;
}

export interface ObservedEvent {
  readonly seq: number;
  readonly type: string;
  readonly attempt: number;
  readonly step: number | null;
  readonly stream: string | null;
  readonly text: string | null;
  readonly continued: boolean;
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** The database, seen past the service and its proxies. Queries reject while it is away. */
export interface DatabaseObserver {
  /** Calls `listener` for every change from now on; gives what ends that. */
  onTransition(listener: (transition: Transition) => void): () => void;
  jobs(ids?: readonly string[]): Promise<readonly ObservedJob[]>;
  unfinished(): Promise<readonly ObservedJob[]>;
  events(jobId: string): Promise<readonly ObservedEvent[]>;
  /** What there is of these Jobs, anywhere: one for each Job and table. */
  rowsOf(ids: readonly string[]): Promise<readonly { readonly jobId: string; readonly place: string }[]>;
  /** How often each Job has got a terminal status. */
  ends(): Promise<readonly { readonly jobId: string; readonly ends: number }[]>;
  /** Every change since the start, in order. */
  history(): Promise<readonly (Transition & { readonly at: number })[]>;
  /** The time of the first event after `at`, of each of these Jobs that has one. */
  firstEventsAfter(
    ids: readonly string[],
    at: number,
  ): Promise<readonly { readonly jobId: string; readonly at: number }[]>;
  /** The id that a worker process with this pid leases by; null where it is not known. */
  ownersOf(pids: readonly number[]): Promise<readonly string[]>;
  installation(): Promise<string>;
  /** Connections of others to this database. */
  connections(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const channel = "chaos_transitions";

// A table and a trigger of the suite's own: what the service says of itself is not what it is checked by.
const observation = `
CREATE TABLE chaos_transitions (
  id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), job_id uuid NOT NULL,
  from_status text, to_status text, from_owner uuid, to_owner uuid, from_attempt integer, to_attempt integer, settled text);
CREATE INDEX chaos_transitions_job ON chaos_transitions (job_id);
CREATE FUNCTION chaos_observe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chaos_transitions (job_id, from_status, to_status, from_owner, to_owner, from_attempt, to_attempt, settled)
  VALUES (NEW.id, OLD.status, NEW.status, OLD.lease_owner, NEW.lease_owner, OLD.attempt, NEW.attempt, NEW.settled_status);
  PERFORM pg_notify('${channel}', json_build_object('jobId', NEW.id, 'fromStatus', OLD.status, 'toStatus', NEW.status,
    'owner', NEW.lease_owner, 'previousOwner', OLD.lease_owner, 'attempt', NEW.attempt, 'settled', NEW.settled_status)::text);
  RETURN NULL;
END $$;
CREATE FUNCTION chaos_observe_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('${channel}', json_build_object('jobId', NEW.id, 'fromStatus', '', 'toStatus', NEW.status,
    'owner', NULL, 'previousOwner', NULL, 'attempt', NEW.attempt, 'settled', NULL)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER chaos_observe_insert AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION chaos_observe_insert();
CREATE TRIGGER chaos_observe AFTER UPDATE ON jobs FOR EACH ROW WHEN (
  OLD.status IS DISTINCT FROM NEW.status OR OLD.lease_owner IS DISTINCT FROM NEW.lease_owner
  OR OLD.settled_status IS DISTINCT FROM NEW.settled_status OR OLD.finished_at IS NOT NULL) EXECUTE FUNCTION chaos_observe();`;

/** Connects, and puts its own table and trigger beside the service's. The service has migrated the database before. */
export async function observeDatabase(url: string, timeline: Timeline): Promise<DatabaseObserver> {
  const sql = postgres(url, {
    max: 4,
    onnotice: () => undefined,
    connect_timeout: 5,
    // It asks each new connection for the types of arrays, and leaves that promise to nobody: where it is cut there, this
    // process would end. So arrays are given as text.
    fetch_types: false,
    connection: { application_name: "chaos" },
  });
  await sql.unsafe(observation);
  const listeners = new Set<(transition: Transition) => void>();
  await sql.listen(channel, (payload) => {
    // safety: the trigger above makes it.
    const transition = JSON.parse(payload) as Transition;
    const { jobId, fromStatus, toStatus, owner, attempt, settled } = transition;
    timeline.note(`${fromStatus} → ${toStatus}`, { jobId, detail: { owner, attempt, settled } });
    for (const listener of listeners) listener(transition);
  });
  return {
    onTransition: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ...rowQueries(sql),
    ...serviceQueries(sql),
    close: () => sql.end({ timeout: 2 }),
  };
}

function rowQueries(
  sql: postgres.Sql,
): Pick<
  DatabaseObserver,
  "jobs" | "rowsOf" | "unfinished" | "events" | "ends" | "history" | "firstEventsAfter"
> {
  const columns = sql`id, status, attempt, last_seq::integer AS "lastSeq", lease_owner AS owner,
    archive_key AS "archiveKey", archive_sha256 AS "archiveSha256"`;
  return {
    jobs: (ids) =>
      ids === undefined
        ? sql<ObservedJob[]>`SELECT ${columns} FROM jobs`
        : sql<
            ObservedJob[]
          >`SELECT ${columns} FROM jobs WHERE id = ANY (string_to_array(${ids.join(",")}::text, ',')::uuid[])`,
    unfinished: () => sql<ObservedJob[]>`SELECT ${columns} FROM jobs WHERE finished_at IS NULL`,
    events: (jobId) => sql<ObservedEvent[]>`
      SELECT seq::integer, type, attempt, step, stream, text, continued, body
        FROM job_events WHERE job_id = ${jobId} ORDER BY seq`,
    rowsOf: (ids) => sql<{ jobId: string; place: string }[]>`
      WITH asked AS (SELECT unnest(string_to_array(${ids.join(",")}::text, ',')::uuid[]) AS id)
      SELECT id AS "jobId", place FROM asked CROSS JOIN LATERAL (
        SELECT 'jobs' AS place WHERE EXISTS (SELECT FROM jobs WHERE jobs.id = asked.id)
        UNION ALL SELECT 'job_events' WHERE EXISTS (SELECT FROM job_events WHERE job_id = asked.id)
        UNION ALL SELECT 'idempotency_keys' WHERE EXISTS (SELECT FROM idempotency_keys WHERE job_id = asked.id)
        UNION ALL SELECT 'removals' WHERE EXISTS (SELECT FROM removals WHERE job_id = asked.id)
      ) AS found`,
    ends: () => sql<{ jobId: string; ends: number }[]>`
      SELECT job_id AS "jobId",
             (count(*) FILTER (WHERE to_status IN ('succeeded', 'failed', 'cancelled')))::integer AS ends
        FROM chaos_transitions GROUP BY job_id`,
    history: () => sql<(Transition & { at: number })[]>`
      SELECT job_id AS "jobId", (extract(epoch FROM at) * 1000)::float8 AS at, from_status AS "fromStatus",
             to_status AS "toStatus", to_owner AS owner, from_owner AS "previousOwner", to_attempt AS attempt, settled
        FROM chaos_transitions ORDER BY id`,
    firstEventsAfter: (ids, at) => sql<{ jobId: string; at: number }[]>`
      SELECT job_id AS "jobId", min(extract(epoch FROM time) * 1000)::float8 AS at
        FROM job_events WHERE job_id = ANY (string_to_array(${ids.join(",")}::text, ',')::uuid[]) AND time > to_timestamp(${at / 1_000}::float8)
       GROUP BY job_id`,
  };
}

function serviceQueries(
  sql: postgres.Sql,
): Pick<DatabaseObserver, "ownersOf" | "installation" | "connections"> {
  return {
    ownersOf: async (pids) => {
      const rows = await sql<{ id: string }[]>`
        SELECT id FROM workers WHERE substring(name FROM '-([0-9]+)$')::integer = ANY (string_to_array(${pids.join(",")}::text, ',')::integer[])`;
      return rows.map(({ id }) => id);
    },
    installation: async () => {
      const [row] = await sql<{ id: string }[]>`SELECT id FROM installation`;
      return row?.id ?? "";
    },
    connections: async () => {
      const rows = await sql<{ name: string }[]>`
        SELECT application_name || ' ' || state AS name FROM pg_stat_activity
         WHERE datname = current_database() AND application_name <> 'chaos' AND backend_type = 'client backend'`;
      return rows.map(({ name }) => name);
    },
  };
}
