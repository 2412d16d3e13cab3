import type { DiskGuard } from "@longshore/shared/blob/create-disk-guard";
import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { Message } from "@longshore/shared/contracts/message";
import type { OwnJob } from "@longshore/shared/domain/access";
import type { LimitMaxima, RequestPermits } from "@longshore/shared/contracts/schedule-request";
import type { Database, Orm } from "@longshore/shared/db/connect-database";
import { appendAuditEvent } from "@longshore/shared/db/audit-trail";
import { countFailures } from "@longshore/shared/db/count-failures";
import { countJobs } from "@longshore/shared/db/count-jobs";
import { createKeyBy } from "@longshore/shared/db/create-key";
import { deleteJob } from "@longshore/shared/db/delete-job";
import { readDatabaseTime } from "@longshore/shared/db/expired-leases";
import { findOneKey } from "@longshore/shared/db/find-one-key";
import { createJobInserter } from "@longshore/shared/db/create-job-inserter";
import type { NewJob } from "@longshore/shared/db/insert-job";
import { listJobs } from "@longshore/shared/db/list-jobs";
import { readEventsWithin } from "@longshore/shared/db/read-events";
import { readLinkSecret } from "@longshore/shared/db/read-installation-id";
import { readJob } from "@longshore/shared/db/read-job";
import { readJobUse } from "@longshore/shared/db/job-samples";
import { listKeys } from "@longshore/shared/db/list-keys";
import { listTenants } from "@longshore/shared/db/list-tenants";
import { listKnownWorkers } from "@longshore/shared/db/list-known-workers";
import { measurePlans, readPlans } from "@longshore/shared/db/read-plans";
import { measureRequest, readRequest } from "@longshore/shared/db/read-request";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import { setTenantLimits } from "@longshore/shared/db/tenant-limits";
import { sumArchives } from "@longshore/shared/db/sum-archives";
import { within } from "@longshore/shared/db/within";
import { listLiveWorkers } from "@longshore/shared/db/worker-reports";
import type { ComponentStates } from "@longshore/shared/runtime/component-states";
import type { TenantLimits } from "@longshore/shared/domain/tenant-limits";
import type { SecretBox } from "@longshore/shared/runtime/secret-box";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createArchiveFiles } from "./archive-files/create-archive-files.ts";
import { createDownloadLinks, toLinkKeys } from "./access/download-links.ts";
import type { CallerBounds } from "./access/count-by-caller.ts";
import type { Access } from "./access/create-access.ts";
import type { ApiDeps } from "./app.ts";
import { createDatabaseTrouble } from "./database-trouble.ts";
import { type BodyRoom, bodyBounds, createBodyRoom } from "./middleware/body-room.ts";
import { createApiMetrics } from "./metrics/api-metrics.ts";
import { createWriteMetrics } from "./metrics/write-metrics.ts";
import type { DownloadLinkRouteDeps } from "./routes/download-link.ts";
import type { SharedRouteDeps } from "./routes/shared.ts";
import type { EventSignals } from "./streaming/event-signals.ts";
import { createPageRoom, pageRoomBounds } from "./streaming/page-room.ts";
import { shareReads } from "./streaming/share-reads.ts";
import { createStreamSlots } from "./streaming/stream-slots.ts";
import { createAddUpArchives } from "./use-cases/add-up-archives.ts";
import { createCancelJob } from "./use-cases/cancel-job.ts";
import type { CheckReadinessDeps } from "./use-cases/check-readiness.ts";
import { createDescribeCaller } from "./use-cases/describe-caller.ts";
import { createDescribeSystem } from "./use-cases/describe-system.ts";
import { createMakeKey } from "./use-cases/make-key.ts";
import { createOpenArchive } from "./use-cases/open-archive.ts";
import { createRevokeKey } from "./use-cases/revoke-key.ts";
import { createShowPlans } from "./use-cases/show-plans.ts";
import { createShowRequest } from "./use-cases/show-request.ts";
import { createSubmitJob } from "./use-cases/submit-job.ts";

/** The clients and settings that all else is made of. */
export interface ApiParts {
  readonly database: Pick<Database, "sql" | "orm">;
  readonly archives: Pick<BlobStore, "open">;
  /** Of the folder where the archives lie, as this process sees it. */
  readonly disk: Pick<DiskGuard, "check">;
  readonly signals: EventSignals;
  readonly dispatch: (message: Message) => void;
  readonly pingQueue: () => Promise<void>;
  readonly access: Access;
  readonly limitMaxima: LimitMaxima;
  readonly tenantLimits: TenantLimits;
  /** Null where this part has no key to keep secrets with. */
  readonly secretBox: SecretBox | null;
  readonly permits: RequestPermits;
  readonly retentionDays: number;
  readonly states: ComponentStates;
  readonly logger: Logger;
  readonly version: string;
  /** Aborts when the process is asked to stop: open streams end then. */
  readonly stopping: AbortSignal;
  /** How long a reader of events may leave a piece untaken, in ms. */
  readonly patienceMs?: number;
  readonly streamBounds: CallerBounds;
  /** Where the built dashboard lies. */
  readonly dashboardFolder: string;
  /** What holds the bodies that are on their way; one of the product's own bounds, where left out. */
  readonly bodyRoom?: BodyRoom;
}

// A client is told soon that the database is away, whatever the statement itself may still wait for.
const answerBoundMs = 4_000;
const workerSilenceSeconds = 15;
const mostShownWorkers = 200;
const mostShownKeys = 1_000;
const mostShownTenants = 1_000;
const defaultPatienceMs = 30_000;

/** Makes what the routes need out of the clients. */
export function createDeps(parts: ApiParts): ApiDeps {
  const { sql, orm } = parts.database;
  const { signals, logger, version, stopping, limitMaxima, permits, dispatch } = parts;
  const read = ({ tenant, jobId }: OwnJob) => within(readJob(orm, jobId, tenant), answerBoundMs);
  const metrics = createApiMetrics(parts.states.levels);
  const trouble = createDatabaseTrouble();
  const insertJob = createJobInserter(sql);
  const readiness = readinessOf(parts, trouble.lately);
  return {
    ...{ ...parts.access, ...readiness, dashboardFolder: parts.dashboardFolder },
    ...{ signals, logger, version, stopping, limitMaxima, permits },
    onDatabaseTrouble: trouble.met,
    readJob: read,
    readEvents: createReadEvents(orm),
    listJobs: (tenant, filter, page) => within(listJobs(orm, tenant, filter, page), answerBoundMs),
    submitJob: createSubmitJob({
      secretBox: parts.secretBox,
      tenantLimits: parts.tenantLimits,
      insertJob: (job) => within(insertJob(job), insertBoundMs(job)),
      readJob: read,
      hasRoom: async () => (await parts.disk.check()).roomForJobs,
      dispatch,
    }),
    deleteJob: (jobId, by) => within(deleteJob(sql, jobId, by), answerBoundMs),
    cancelJob: createCancelJob({
      requestCancel: (jobId, by) => within(requestCancel(sql, jobId, parts.retentionDays, by), answerBoundMs),
      onCancelled: metrics.countCancelled,
      readJob: read,
      signals,
    }),
    openArchive: createOpenArchive(parts.archives),
    archiveFiles: createArchiveFiles(parts.archives),
    ...createLinkDeps(parts),
    writeMetrics: createWriteMetrics({
      metrics,
      countJobs: () => within(countJobs(sql), answerBoundMs),
      listReports: readiness.listReports,
    }),
    ...createAdminDeps(parts, readiness),
    ...createKeyDeps(parts),
    observeRequest: metrics.observeRequest,
    observeLag: metrics.observeLag,
    countReaders: metrics.countReaders,
    patienceMs: parts.patienceMs ?? defaultPatienceMs,
    streamSlots: createStreamSlots(parts.streamBounds),
    pageRoom: createPageRoom(pageRoomBounds),
    ...createRequestDeps(parts),
  };
}

function readinessOf(
  { database: { sql }, disk, pingQueue }: ApiParts,
  databaseTrouble: CheckReadinessDeps["databaseTrouble"],
): CheckReadinessDeps {
  return {
    listReports: async () =>
      (await within(listLiveWorkers(sql, workerSilenceSeconds), answerBoundMs)).map(({ report }) => report),
    pingQueue,
    checkStorage: async () => (await disk.check()).component,
    databaseTrouble,
  };
}

function createReadEvents(orm: Orm): ApiDeps["readEvents"] {
  return shareReads((jobId, page, only) => within(readEventsWithin(orm, jobId, page, only), answerBoundMs));
}

function createAdminDeps(
  { database: { sql }, disk }: ApiParts,
  readiness: CheckReadinessDeps,
): Pick<ApiDeps, "describeSystem"> {
  const describeSystem = createDescribeSystem({
    ...readiness,
    listKnownWorkers: () =>
      within(listKnownWorkers(sql, workerSilenceSeconds, mostShownWorkers), answerBoundMs),
    countJobs: () => within(countJobs(sql), answerBoundMs),
    countFailures: () => within(countFailures(sql), answerBoundMs),
    checkDisk: () => disk.check(),
    addUpArchives: createAddUpArchives({ sumArchives: (after) => sumArchives(sql, after) }),
  });
  return { describeSystem };
}

function createKeyDeps({
  database: { sql },
  tenantLimits,
}: ApiParts): Pick<
  ApiDeps,
  "listKeys" | "makeKey" | "revokeKey" | "listTenants" | "limitTenant" | "tenantLimits" | "describeCaller"
> {
  const findKey = (named: string, tenant: string | null) =>
    within(findOneKey(sql, named, tenant), answerBoundMs);
  const findTenants = (tenant: string | null) =>
    within(listTenants(sql, tenant, mostShownTenants), answerBoundMs);
  return {
    describeCaller: createDescribeCaller({ findOneKey: findKey, listTenants: findTenants, tenantLimits }),
    listKeys: (tenant) => within(listKeys(sql, tenant, mostShownKeys), answerBoundMs),
    makeKey: createMakeKey({ createKeyBy: (key, by) => within(createKeyBy(sql, key, by), answerBoundMs) }),
    revokeKey: createRevokeKey({
      findOneKey: findKey,
      revokeKey: (id, options) => within(revokeKey(sql, id, options), answerBoundMs),
    }),
    listTenants: findTenants,
    limitTenant: (tenant, changes, by) => within(setTenantLimits(sql, tenant, changes, by), answerBoundMs),
    tenantLimits,
  };
}

function createRequestDeps({
  database: { sql },
  bodyRoom = createBodyRoom(bodyBounds),
}: ApiParts): Pick<ApiDeps, "bodyRoom" | "showRequest" | "showPlans" | "readJobUse"> {
  const showRequest = createShowRequest({
    bodyRoom,
    measureRequest: (own) => within(measureRequest(sql, own), answerBoundMs),
    // Megabytes take their time.
    readRequest: (own) => within(readRequest(sql, own)),
  });
  const showPlans = createShowPlans({
    bodyRoom,
    measurePlans: (own, page) => within(measurePlans(sql, own, page), answerBoundMs),
    readPlans: (own, between) => within(readPlans(sql, own, between)),
  });
  return {
    bodyRoom,
    showRequest,
    showPlans,
    readJobUse: (own) => within(readJobUse(sql, own), answerBoundMs),
  };
}

function createLinkDeps({
  database: { sql, orm },
  secretBox,
}: ApiParts): Omit<SharedRouteDeps, "openArchive" | "onDownloaded"> & Omit<DownloadLinkRouteDeps, "readJob"> {
  return {
    readSharedJob: (jobId) => within(readJob(orm, jobId), answerBoundMs),
    appendAuditEvent: (event) => within(appendAuditEvent(sql, event), answerBoundMs),
    links: createDownloadLinks({
      readKeys: async () => toLinkKeys(await within(readLinkSecret(sql), answerBoundMs), secretBox),
      readTime: () => within(readDatabaseTime(sql), answerBoundMs),
    }),
  };
}

/** Files of megabytes take their time: a millisecond for each 4 KiB. */
function insertBoundMs({ request }: NewJob): number {
  const characters = request.files.reduce((sum, { content }) => sum + content.length, 0);
  return answerBoundMs + Math.round(characters / 4_096);
}
