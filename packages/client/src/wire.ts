import type { components, paths } from "./generated/openapi.ts";

type Schemas = components["schemas"];

export type ScheduleRequest = Schemas["ScheduleRequest"];
export type AskedRequest = Schemas["AskedRequest"];
export type Scheduled = Schemas["Scheduled"];
/** A job, as GET /status/{id} tells it. */
export type Job = Schemas["Job"];
/** A job in a list: without its plan and usage. */
export type JobSummary = Schemas["JobSummary"];
/** A part of a list, and where the next begins. */
export type JobPage = Schemas["JobList"];
/** What is in an archive: a file, a folder or a link. */
export type ArchiveEntry = Schemas["ArchiveEntry"];
export type JobStatus = Job["status"];
/** A plan that a job has or had, with what its steps run. */
export type JobPlan = Schemas["JobPlan"];
/** What a job used, by the samples of its attempts. */
export type JobUsage = Schemas["JobUsage"];
export type LogLine = Schemas["LogLine"];
export type LogPage = Schemas["LogPage"];
export type CancelAnswer = Schemas["CancelAnswer"];
export type DownloadLink = Schemas["DownloadLink"];
/** What the service says of itself. */
export type Home = Schemas["Home"];
export type Components = Schemas["Components"];
export type System = Schemas["System"];
/** Who asks, and what they may do. */
export type Me = Schemas["Me"];
export type Key = Schemas["Key"];
export type NewKey = Schemas["NewKey"];
/** A key that was made. `key` is its secret, told in one answer alone; null where that got lost on the way. */
export type MadeKey = Key & { readonly key: string | null };
export type Tenant = Schemas["Tenant"];
export type LimitChanges = Schemas["LimitChanges"];
export type Problem = Schemas["Problem"];

type JobsQuery = NonNullable<paths["/jobs"]["get"]["parameters"]["query"]>;

/** Which jobs a list holds. `metadata`: those that have all these labels. */
export type JobFilter = Pick<JobsQuery, "q" | "status" | "created_after" | "created_before"> & {
  readonly metadata?: Readonly<Record<string, string>>;
};

interface EventData {
  readonly state: Schemas["EventState"];
  readonly plan: Schemas["EventPlan"];
  readonly step: Schemas["EventStep"];
  readonly model: Schemas["EventModel"];
  readonly log: Schemas["LogLine"];
  readonly end: Schemas["EventEnd"];
}

/** One thing that happened to a job. `seq` counts 1, 2, 3 … without a gap. */
export type JobEvent = {
  readonly [Type in keyof EventData]: {
    readonly type: Type;
    readonly seq: number;
    readonly data: EventData[Type];
  };
}[keyof EventData];
