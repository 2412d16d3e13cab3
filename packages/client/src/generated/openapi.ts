// Made from the service's OpenAPI document, and held against it by the gate: change the schemas of the service instead, then
// `npx vitest run --project structure client-types -u`.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this is, and where things are
         * @description Browsers, which ask for a page, are sent to the dashboard.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Name, version and links. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Home"];
                    };
                };
                /** @description To the dashboard: `Accept` asks for `text/html` rather than for JSON. */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cancel/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description A queued job is cancelled at once, a running one as soon as its sandbox is gone. Twice is as once.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Seconds to wait for the end of a running job. */
                    wait?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description `cancelled` is true where the job is, or by this request will be, cancelled. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CancelAnswer"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/download/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a job's archive
         * @description Takes HEAD, too. Of several ranges at once none is looked at: the answer is the whole.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETags that the client has. */
                    "If-None-Match"?: string;
                    /** @description An ETag: a part is given only where it still fits. */
                    "If-Range"?: string;
                    /** @description One range of bytes. */
                    Range?: string;
                };
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The zip. */
                200: {
                    headers: {
                        /** @description bytes */
                        "Accept-Ranges"?: string;
                        /** @description attachment */
                        "Content-Disposition"?: string;
                        /** @description Bytes of the zip. */
                        "Content-Length"?: string;
                        /** @description The archive's SHA-256. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The part of the zip that was asked for. */
                206: {
                    headers: {
                        /** @description bytes */
                        "Accept-Ranges"?: string;
                        /** @description bytes first-last/all */
                        "Content-Range"?: string;
                        /** @description The archive's SHA-256. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The client has it already. */
                304: {
                    headers: {
                        /** @description bytes */
                        "Accept-Ranges"?: string;
                        /** @description The archive's SHA-256. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job; `no_archive`: Job has no archive */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_finished`: Job has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `range_not_satisfiable`: Range outside of the archive */
                416: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job
         * @description Everything that happened and, while the job runs, everything that happens, as server-sent events numbered 1, 2, 3 …: `state`, `plan`, `step`, `model`, `log` and last `end`, after which the stream is closed. A comment goes out every 15 s.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Resumes after the event of this number. */
                    after?: number;
                };
                header?: {
                    /** @description As `after`, which it wins over: sent by browsers that reconnect. */
                    "Last-Event-ID"?: number;
                };
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The stream; each `data` is one of EventState, EventPlan, EventStep, EventModel, LogLine, EventEnd. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description `invalid_id`: Not an id; `invalid_last_event_id`: Not an event number */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `too_many_streams`: Caller follows too many jobs at once */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `streams_full`: No room for more event streams; `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It runs. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs, newest first
         * @description A page ends early where prompts are long, and a search (`q`, or a label that thousands have) where it has looked at many: it then has fewer jobs than `limit`, or none, and the list goes on all the same. `next_cursor` is null on the last page.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Inclusive. */
                    created_after?: string;
                    /** @description Inclusive. */
                    created_before?: string;
                    /** @description `next_cursor` of the page before; belongs to the filters that it was made with. */
                    cursor?: string;
                    /** @description Jobs at most. */
                    limit?: number;
                    /** @description Jobs that have this label: `metadata.team=blue`. May be given for several keys. */
                    "metadata.<key>"?: string;
                    /** @description A part of the prompt, case ignored. */
                    q?: string;
                    status?: ("queued" | "running" | "succeeded" | "failed" | "cancelled")[];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of jobs. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["JobList"];
                    };
                };
                /** @description `invalid_cursor`: Cursor does not fit */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an ended job
         * @description The job, its events, its archive and the idempotency key that is bound to it are gone for every reader once this answers; the bytes follow within a minute. A download that has begun goes on to its end. A second time it is 404, as the job is not known any more. A job that has not ended is not deleted: cancel it first.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job is gone. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_finished`: Job has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/download-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link to a job's archive, to be handed on
         * @description Whoever has the link gets the archive, without a key, until the link or the archive expires. It cannot be taken back but by deleting the job; that the key it was made with is revoked does not end it. Hence only a key that may read and write makes one.
         */
        post: {
            parameters: {
                query?: {
                    /** @description How long the link is good for, in seconds. */
                    expires_in_seconds?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The link. */
                201: {
                    headers: {
                        /** @description The link. */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DownloadLink"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job; `no_archive`: Job has no archive */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_finished`: Job has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a job's archive holds
         * @description Outputs, log, result and manifest, in the order of the zip. `manifest.json` has the SHA-256 of each file.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Entries after so many. */
                    after?: number;
                    /** @description Entries at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of the archive's entries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FilePage"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job; `no_archive`: Job has no archive */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_finished`: Job has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One file of a job's archive
         * @description The file alone, unpacked. It is a stranger's: a browser saves it, and opens nothing of it on this origin. Takes HEAD, too.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                    /** @description As `/jobs/{id}/files` tells it, percent-encoded. */
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file's bytes, with the media type that its name stands for. */
                200: {
                    headers: {
                        /** @description Of the file's bytes. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description The client has it already. */
                304: {
                    headers: {
                        /** @description Of the file's bytes. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job; `no_archive`: Job has no archive; `file_not_found`: No such file in the archive */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_finished`: Job has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the steps of a job run, plan by plan
         * @description Every plan that the job has or had, in their order: those of a model, of the caller, or taken from the prompt, while it runs and afterwards, also those that another replaced after a failed step or in a new attempt. How the steps went is in `plan` of the job and in its `step` events. A job that ran on a version without this route has none here.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Plans after the event of this `seq`. */
                    after?: number;
                    /** @description Plans at most; fewer where they are long. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of its plans. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanPage"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `too_much_at_once`: Caller sends too much at once */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `bodies_full`: No room for more bodies; `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was asked of a job
         * @description As `POST /schedule` takes it again: what was given, and what is in force where nothing was. `steps` are those of the caller; what a model has planned is in the job's `plan`. Contents of files are text where they are text, and base64 otherwise. What a job with secrets does is sealed with them and wiped when it ends, as any text of it may hold one: 409 `request_sealed` before its end, 410 `request_wiped` afterwards. It takes a key that may read and write, as it has the `env` and the files of the job; when the retention of the job is over, it is 410 `expired`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AskedRequest"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `request_sealed`: Job has secrets */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention; `request_wiped`: Wiped with the job's secrets */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `too_much_at_once`: Caller sends too much at once */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `bodies_full`: No room for more bodies; `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a job uses of its memory and its processors
         * @description Looked at while it runs, for people to see; a job of less than two seconds has no samples.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Its samples. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["JobUsage"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The API keys
         * @description Without their secrets, which nobody has. An admin of the tenant `local`, who runs the service, sees those of all tenants, any other admin those of its own.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The keys. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeyList"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an API key
         * @description The answer holds the key itself, and nothing else ever does: what gets lost on the way is revoked, and another one made. An admin makes keys of its own tenant, an admin of `local`, who runs the service, of any. The first key of a service is made on its machine (`npm run keys -- create`). A tenant may make 100 in an hour.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same, sent by the same API key with the same body, answers the key of then, without its secret. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            responses: {
                /** @description It was made by the same request before; its secret is not stored, and so not told again. */
                200: {
                    headers: {
                        /** @description true */
                        "Idempotent-Replay"?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
                /** @description The key is made. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreatedKey"];
                    };
                };
                /** @description `incomplete_body`: Body ended early; `invalid_utf8`: Body is not UTF-8; `malformed_json`: Body is not JSON; `invalid_idempotency_key`: Not an idempotency key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope; `operator_only`: Only for who runs the service */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `idempotency_conflict`: Key used with another body; `keys_unconfigured`: Service has no API keys */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `unsupported_media_type`: Media type not taken */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_body`: Body is not valid; `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `too_much_at_once`: Caller sends too much at once; `too_many_keys`: As many API keys were made as may */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `bodies_full`: No room for more bodies; `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description The next request with it is refused, and streams that were opened with it end within seconds; its jobs go on. A second time changes nothing and is answered the same. An admin revokes keys of its own tenant, its own one too; an admin of `local`, who runs the service, of any. It stays in the list, as the audit trail tells of it.
         */
        delete: {
            parameters: {
                query?: {
                    /** @description `true`: even where its tenant has no other valid key with `admin`. */
                    last_admin?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Prefix or id of the API key; never the key itself: addresses are logged on the way. */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The key, revoked. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_not_found`: No such API key */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_ambiguous`: Several API keys have this prefix; `last_admin_key`: Last API key of an admin; `keys_unconfigured`: Service has no API keys */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job's log */
        get: {
            parameters: {
                query?: {
                    /** @description Lines after the one of this `seq`. */
                    after?: number;
                    /** @description `text` gives the lines as they were, those of `system` only with `stream=system`. */
                    format?: "json" | "text";
                    /** @description Lines at most; a page of long lines holds fewer. */
                    limit?: number;
                    /** @description Lines of this stream only. */
                    stream?: "stdout" | "stderr" | "system";
                };
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Lines of the log. As text, the headers X-Next-After and X-Complete tell what JSON has in its fields. */
                200: {
                    headers: {
                        /** @description true or false */
                        "X-Complete"?: string;
                        /** @description What to ask with next. */
                        "X-Next-After"?: number;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LogPage"];
                        "text/plain": string;
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asks
         * @description The tenant of the caller, the API key that was sent, what it may do, and what the tenant may and does use. For every API key, whatever its scopes.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The caller. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Prometheus text. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether jobs can be accepted and run */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They can; `degraded` where a part is away without which it goes on. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Readiness"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_ready`: the database is away, or there is no worker. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["NotReady"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Schedule a job
         * @description Once this answers 202 the job is on disk and will end, whatever is killed afterwards.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body answers the first job again, for 24 hours. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ScheduleRequest"];
                };
            };
            responses: {
                /** @description This key was used with the same body before; this is the job of then. */
                200: {
                    headers: {
                        /** @description true */
                        "Idempotent-Replay"?: string;
                        /** @description Where the job's status is. */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Scheduled"];
                    };
                };
                /** @description The job is stored. */
                202: {
                    headers: {
                        /** @description Where the job's status is. */
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Scheduled"];
                    };
                };
                /** @description `incomplete_body`: Body ended early; `invalid_utf8`: Body is not UTF-8; `malformed_json`: Body is not JSON; `invalid_idempotency_key`: Not an idempotency key */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `idempotency_conflict`: Key used with another body */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `unsupported_media_type`: Media type not taken */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_body`: Body is not valid; `secrets_unconfigured`: Secrets are not taken here; `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `too_much_at_once`: Caller sends too much at once; `tenant_jobs_full`: As many of the caller's jobs are unfinished as may; `tenant_queue_full`: As many of the caller's jobs wait as may; `tenant_rate_exceeded`: Caller submits too many jobs a minute; `tenant_storage_full`: Caller's archives and logs take too much room */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `bodies_full`: No room for more bodies; `storage_full`: No room for more jobs; `tenant_busy`: Count of the caller's jobs is busy; `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a job's archive by a link
         * @description Takes no key, but a link of `POST /jobs/{id}/download-link`, whole. Else as `GET /download/{id}`.
         */
        get: {
            parameters: {
                query: {
                    /** @description Of the link. */
                    expires: number;
                    /** @description Of the link. */
                    signature: string;
                };
                header?: {
                    /** @description ETags that the client has. */
                    "If-None-Match"?: string;
                    /** @description An ETag: a part is given only where it still fits. */
                    "If-Range"?: string;
                    /** @description One range of bytes. */
                    Range?: string;
                };
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The zip. */
                200: {
                    headers: {
                        /** @description bytes */
                        "Accept-Ranges"?: string;
                        /** @description attachment */
                        "Content-Disposition"?: string;
                        /** @description Bytes of the zip. */
                        "Content-Length"?: string;
                        /** @description The archive's SHA-256. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The part of the zip that was asked for. */
                206: {
                    headers: {
                        /** @description bytes */
                        "Accept-Ranges"?: string;
                        /** @description bytes first-last/all */
                        "Content-Range"?: string;
                        /** @description The archive's SHA-256. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The client has it already. */
                304: {
                    headers: {
                        /** @description bytes */
                        "Accept-Ranges"?: string;
                        /** @description The archive's SHA-256. */
                        ETag?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `link_forged`: No link of this service */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job; `no_archive`: Job has no archive */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `not_finished`: Job has not ended */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `link_expired`: Link has expired; `expired`: Removed after its retention */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `range_not_satisfiable`: Range outside of the archive */
                416: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a job stands */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the job. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The job. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Job"];
                    };
                };
                /** @description `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `job_not_found`: No such job */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the whole service is
         * @description For who runs it: its workers, what waits, its components as `/ready` tells them, the disk, and what jobs failed by lately, those of all tenants counted together.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The service now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["System"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tenants, their limits and what they use
         * @description An admin of the tenant `local`, who runs the service, sees all that have keys or limits, any other admin its own.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The tenants. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantList"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenants/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a tenant's limits
         * @description Those that are given; others stay. The next submission is held against them. Only for admins of the tenant `local`, who run the service. A tenant needs no keys yet.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name of the tenant. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LimitChanges"];
                };
            };
            responses: {
                /** @description The tenant now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tenant"];
                    };
                };
                /** @description `incomplete_body`: Body ended early; `invalid_utf8`: Body is not UTF-8; `malformed_json`: Body is not JSON; `invalid_id`: Not an id */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `key_missing`: API key needed; `key_invalid`: Not an API key; `key_revoked`: API key revoked; `key_expired`: API key expired */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `scope_missing`: API key lacks a scope; `operator_only`: Only for who runs the service */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `keys_unconfigured`: Service has no API keys */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `body_too_large`: Body too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `unsupported_media_type`: Media type not taken */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `invalid_body`: Body is not valid; `invalid_query`: Query is not valid */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `too_much_at_once`: Caller sends too much at once */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `internal`: Fault of the service */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description `bodies_full`: No room for more bodies; `database_unavailable`: Database is away */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ArchiveEntry: {
            bytes: number;
            /** @enum {string} */
            kind: "file" | "folder" | "link";
            /** @description By the name; null for what is no file. */
            media_type: string | null;
            /** @description As in the zip; a folder's ends with `/`. */
            path: string;
        };
        AskedRequest: {
            /** Format: uuid */
            job_id: string;
            /** @description What was given, and what is in force where nothing was. */
            request: components["schemas"]["ScheduleRequest"];
            /** @description What `secrets` would have to be given for the same job. Always empty: of a job with secrets nothing is told. */
            secret_names: string[];
        };
        CancelAnswer: {
            cancelled: boolean;
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        };
        Component: {
            /** @description A sentence; null where all is well. */
            reason: string | null;
            /** @enum {string} */
            state: "ok" | "degraded" | "away";
        };
        Components: {
            database: components["schemas"]["Component"];
            engine: components["schemas"]["Component"];
            models: components["schemas"]["Component"];
            queue: components["schemas"]["Component"];
            storage: components["schemas"]["Component"];
            workers: components["schemas"]["Component"];
        };
        CreatedKey: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: uuid
             * @description Id of the key that made it; null where it was made on the machine, or that is not known.
             */
            created_by: string | null;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            /** @description The key itself. It is not stored, and cannot be shown again. */
            key: string;
            /**
             * Format: date-time
             * @description To a minute; null where it was never used.
             */
            last_used_at: string | null;
            name: string;
            /** @description The part of the key that is shown. */
            prefix: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: ("jobs:read" | "jobs:write" | "admin")[];
            /** @enum {string} */
            state: "valid" | "revoked" | "expired";
            tenant: string;
        };
        DownloadLink: {
            download_link: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            job_id: string;
        };
        EventEnd: {
            failure: components["schemas"]["JobFailure"] | null;
            seq: number;
            /** @enum {string} */
            status: "succeeded" | "failed" | "cancelled";
            /** Format: date-time */
            time: string;
        };
        EventModel: {
            /** @description Absent where the service was told no price of this model. */
            cost?: {
                amount: number;
                currency: string;
            };
            duration_ms: number;
            input_tokens: number;
            model: string;
            /** @enum {string} */
            outcome: "ok" | "rate_limited" | "timeout" | "connection" | "server_error" | "refused_key" | "bad_request" | "empty" | "malformed" | "invalid_plan" | "refusal" | "circuit_open";
            output_tokens: number;
            /** @enum {string} */
            provider: "primary" | "fallback";
            seq: number;
            /** Format: date-time */
            time: string;
        };
        EventPlan: {
            seq: number;
            /** @enum {string} */
            source: "model" | "literal" | "explicit";
            steps: components["schemas"]["PlannedStep"][];
            /** Format: date-time */
            time: string;
            turns: number;
        };
        EventState: {
            attempt: number;
            /** @enum {string|null} */
            node: "analyze" | "shell" | "python" | "write_file" | "compile" | null;
            seq: number;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            /** Format: date-time */
            time: string;
        };
        EventStep: {
            attempt: number;
            duration_ms: number | null;
            exit_code: number | null;
            index: number;
            /** @enum {string} */
            kind: "shell" | "python" | "write_file";
            seq: number;
            /** @enum {string} */
            status: "pending" | "running" | "succeeded" | "failed" | "skipped";
            /** Format: date-time */
            time: string;
        };
        FailureCount: {
            /** @enum {string} */
            code: "model_unconfigured" | "model_unavailable" | "analysis_failed" | "budget_exceeded" | "step_failed" | "timeout" | "out_of_memory" | "disk_full" | "output_too_large" | "sandbox_start_failed" | "sandbox_lost" | "worker_lost" | "secrets_unavailable" | "internal";
            /** @description 10,000 stands for that many and more. */
            count: number;
            /** Format: date-time */
            last_at: string;
            /**
             * Format: uuid
             * @description Null where it is another tenant's.
             */
            last_job_id: string | null;
        };
        FilePage: {
            files: components["schemas"]["ArchiveEntry"][];
            /** Format: uuid */
            job_id: string;
            /** @description What to ask with next as `after`; null where this page has the last. */
            next_after: number | null;
            /** @description Entries of the whole archive. */
            total: number;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        Home: {
            links: {
                [key: string]: string;
            };
            name: string;
            version: string;
        };
        Job: {
            attempt: number;
            /** Format: date-time */
            cancel_requested_at: string | null;
            /** Format: date-time */
            created_at: string;
            download_link: string | null;
            events_link: string;
            failure: components["schemas"]["JobFailure"] | null;
            /** Format: date-time */
            finished_at: string | null;
            /** Format: uuid */
            job_id: string;
            logs_link: string;
            metadata: {
                [key: string]: string;
            };
            /** @enum {string|null} */
            node: "analyze" | "shell" | "python" | "write_file" | "compile" | null;
            output: components["schemas"]["Output"] | null;
            plan: components["schemas"]["Plan"] | null;
            prompt: string | null;
            sandbox: components["schemas"]["Sandbox"] | null;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            timings_ms: components["schemas"]["Timings"];
            usage: components["schemas"]["Usage"];
        };
        JobFailure: {
            /** @enum {string} */
            code: "model_unconfigured" | "model_unavailable" | "analysis_failed" | "budget_exceeded" | "step_failed" | "timeout" | "out_of_memory" | "disk_full" | "output_too_large" | "sandbox_start_failed" | "sandbox_lost" | "worker_lost" | "secrets_unavailable" | "internal";
            message: string;
            retryable: boolean;
            step: number | null;
        };
        JobList: {
            jobs: components["schemas"]["JobSummary"][];
            next_cursor: string | null;
        };
        JobPlan: {
            attempt: number;
            /** @description Of the `plan` event that told it. */
            seq: number;
            /** @enum {string} */
            source: "model" | "literal" | "explicit";
            /** @description In their order, with secrets masked as in the log. Null where the job has, or had, secrets and its caller gave the steps: those are sealed with them, and told by `plan.json` of the archive. */
            steps: ({
                command: string;
                /**
                 * @description Where true, the next Step runs even if this one fails.
                 * @default false
                 */
                continue_on_error?: boolean;
                /** @enum {string} */
                kind: "shell";
                /** @description Shown in the plan. */
                name?: string;
                /** @description The Step is killed with all its processes after this time, and counts as failed. */
                timeout_seconds?: number;
            } | {
                code: string;
                /**
                 * @description Where true, the next Step runs even if this one fails.
                 * @default false
                 */
                continue_on_error?: boolean;
                /** @enum {string} */
                kind: "python";
                /** @description Shown in the plan. */
                name?: string;
                /** @description The Step is killed with all its processes after this time, and counts as failed. */
                timeout_seconds?: number;
            } | {
                content: string;
                /**
                 * @description Where true, the next Step runs even if this one fails.
                 * @default false
                 */
                continue_on_error?: boolean;
                /**
                 * @default utf8
                 * @enum {string}
                 */
                encoding?: "utf8" | "base64";
                /** @enum {string} */
                kind: "write_file";
                /** @description Shown in the plan. */
                name?: string;
                /**
                 * @description Relative to /workspace; no leading /, no ..
                 * @example src/main.py
                 */
                path: string;
                /** @description The Step is killed with all its processes after this time, and counts as failed. */
                timeout_seconds?: number;
            })[] | null;
            /** Format: date-time */
            time: string;
            turns: number;
        };
        JobSummary: {
            attempt: number;
            /** Format: date-time */
            cancel_requested_at: string | null;
            /** Format: date-time */
            created_at: string;
            download_link: string | null;
            events_link: string;
            failure: components["schemas"]["JobFailure"] | null;
            /** Format: date-time */
            finished_at: string | null;
            /** Format: uuid */
            job_id: string;
            logs_link: string;
            metadata: {
                [key: string]: string;
            };
            /** @enum {string|null} */
            node: "analyze" | "shell" | "python" | "write_file" | "compile" | null;
            output: components["schemas"]["Output"] | null;
            prompt: string | null;
            sandbox: components["schemas"]["Sandbox"] | null;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            timings_ms: components["schemas"]["Timings"];
        };
        JobUsage: {
            /** Format: uuid */
            job_id: string;
            /** @description What it may use. */
            limits: {
                cpus: number;
                memory_mb: number;
            };
            /** @description In their order: every two seconds from the second on of each attempt, and where that runs long, as seldom as makes 300 at most of it. One may be missing. */
            samples: components["schemas"]["UsageSample"][];
        };
        Key: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: uuid
             * @description Id of the key that made it; null where it was made on the machine, or that is not known.
             */
            created_by: string | null;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description To a minute; null where it was never used.
             */
            last_used_at: string | null;
            name: string;
            /** @description The part of the key that is shown. */
            prefix: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: ("jobs:read" | "jobs:write" | "admin")[];
            /** @enum {string} */
            state: "valid" | "revoked" | "expired";
            tenant: string;
        };
        KeyList: {
            /** @description The newest first, 1,000 at most. */
            keys: components["schemas"]["Key"][];
        };
        LimitChanges: {
            /** @description Jobs that may be submitted in a minute. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            per_minute?: number | null;
            /** @description Jobs that may wait. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            queued?: number | null;
            /** @description Size of its archives and logs together, in MB. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            stored_mb?: number | null;
            /** @description Jobs that may wait or run. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            unfinished?: number | null;
        };
        LogLine: {
            attempt: number;
            /** @enum {boolean} */
            continued?: true;
            /** @enum {string|null} */
            node: "analyze" | "shell" | "python" | "write_file" | "compile" | null;
            seq: number;
            step: number | null;
            /** @enum {string} */
            stream: "stdout" | "stderr" | "system";
            text: string;
            /** Format: date-time */
            time: string;
        };
        LogPage: {
            complete: boolean;
            /** Format: uuid */
            job_id: string;
            lines: components["schemas"]["LogLine"][];
            next_after: number;
        };
        Me: {
            /** @description The API key that was sent; null where the service has none. */
            key: {
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: uuid
                 * @description Id of the key that made it; null where it was made on the machine, or that is not known.
                 */
                created_by: string | null;
                /**
                 * Format: date-time
                 * @description Null: never.
                 */
                expires_at: string | null;
                /** Format: uuid */
                id: string;
                /**
                 * Format: date-time
                 * @description To a minute; null where it was never used.
                 */
                last_used_at: string | null;
                name: string;
                /** @description The part of the key that is shown. */
                prefix: string;
                /** Format: date-time */
                revoked_at: string | null;
                scopes: ("jobs:read" | "jobs:write" | "admin")[];
                /** @enum {string} */
                state: "valid" | "revoked" | "expired";
                tenant: string;
            } | null;
            limits: components["schemas"]["TenantLimits"];
            /** @description True for an admin of the tenant `local`, who has a say in all tenants and their limits. */
            runs_service: boolean;
            /** @description What the caller may do, those with it that `admin` holds; all where the service has no API keys. */
            scopes: ("jobs:read" | "jobs:write" | "admin")[];
            tenant: string;
            use: components["schemas"]["TenantUse"];
        };
        ModelCall: {
            /** @description Absent where the service was told no price of this model. */
            cost?: {
                amount: number;
                currency: string;
            };
            duration_ms: number;
            input_tokens: number;
            model: string;
            /** @enum {string} */
            outcome: "ok" | "rate_limited" | "timeout" | "connection" | "server_error" | "refused_key" | "bad_request" | "empty" | "malformed" | "invalid_plan" | "refusal" | "circuit_open";
            output_tokens: number;
            /** @enum {string} */
            provider: "primary" | "fallback";
        };
        NewKey: {
            /**
             * Format: date-time
             * @description Null: never.
             * @default null
             */
            expires_at?: string | null;
            /** @description What it is for. */
            name: string;
            /**
             * @description `admin` holds the other two.
             * @default [
             *       "jobs:read",
             *       "jobs:write"
             *     ]
             */
            scopes?: ("jobs:read" | "jobs:write" | "admin")[];
            /** @description Whose jobs it is for; the caller's own tenant, where left out. */
            tenant?: string;
        };
        NotReady: {
            code: string;
            components: components["schemas"]["Components"];
            detail: string;
            errors?: {
                detail: string;
                pointer: string;
            }[];
            status: number;
            title: string;
            type: string;
        };
        Output: {
            archive_bytes: number;
            bytes: number;
            /** Format: date-time */
            expires_at: string;
            files: number;
            sha256: string;
        };
        /** @description Those that are this tenant's own. */
        OwnLimits: {
            /** @description Jobs that may be submitted in a minute. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            per_minute: number | null;
            /** @description Jobs that may wait. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            queued: number | null;
            /** @description Size of its archives and logs together, in MB. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            stored_mb: number | null;
            /** @description Jobs that may wait or run. Null: as the service's settings say (`TENANT_MAX_*`). 0: without a bound. */
            unfinished: number | null;
        };
        Plan: {
            /** @enum {string} */
            source: "model" | "literal" | "explicit";
            steps: components["schemas"]["PlannedStep"][];
            turns: number;
        };
        PlannedStep: {
            duration_ms: number | null;
            exit_code: number | null;
            index: number;
            /** @enum {string} */
            kind: "shell" | "python" | "write_file";
            name: string | null;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "succeeded" | "failed" | "skipped";
        };
        PlanPage: {
            /** Format: uuid */
            job_id: string;
            /** @description What to ask with next as `after`; null where there are no more plans by now. */
            next_after: number | null;
            plans: components["schemas"]["JobPlan"][];
        };
        Problem: {
            code: string;
            detail: string;
            errors?: {
                detail: string;
                pointer: string;
            }[];
            status: number;
            title: string;
            type: string;
        };
        Readiness: {
            components: components["schemas"]["Components"];
            /** @enum {string} */
            status: "ready" | "degraded";
        };
        Sandbox: {
            provider: string;
            runtime: string;
            warm: boolean;
        };
        Scheduled: {
            cancel_link: string;
            /** Format: date-time */
            created_at: string;
            events_link: string;
            /** Format: uuid */
            job_id: string;
            logs_link: string;
            /** @enum {string} */
            status: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            status_link: string;
        };
        ScheduleRequest: {
            /**
             * @description Environment of every Step.
             * @default {}
             */
            env?: {
                [key: string]: string;
            };
            /** @default [] */
            files?: {
                content: string;
                /**
                 * @default utf8
                 * @enum {string}
                 */
                encoding?: "utf8" | "base64";
                /**
                 * @description Relative to /workspace; no leading /, no ..
                 * @example src/main.py
                 */
                path: string;
            }[];
            /** @default {} */
            limits?: {
                /** @default 1 */
                cpus?: number;
                /** @default 1024 */
                disk_mb?: number;
                /** @default 16 */
                log_mb?: number;
                /** @default 200000 */
                max_tokens?: number;
                /** @default 1024 */
                memory_mb?: number;
                /** @default 256 */
                output_mb?: number;
                /** @default 256 */
                pids?: number;
                /** @default 600 */
                timeout_seconds?: number;
            };
            /** @default 3 */
            max_attempts?: number;
            /** @default 3 */
            max_turns?: number;
            /**
             * @description The caller's own labels, given back and filterable.
             * @default {}
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description What the Sandbox may reach, through the proxy that HTTP_PROXY, HTTPS_PROXY and ALL_PROXY name: nothing (`none`), the listed hosts, or every public address (`full`, where the operator permits it). Private, link-local and loopback addresses, and the service's own, are out of reach in every mode.
             * @default none
             */
            network?: ("none" | "full") | {
                allow: string[];
            };
            /** @description The task in natural language. */
            prompt?: string;
            /**
             * @description Environment of every Step, beside `env`: kept encrypted, never given back, shown as `***` in events, logs and results, and wiped when the job ends. At least one line of a value has four characters or more: those are masked. Steps, files and `env` of a job with secrets are kept and wiped with them. What a job writes into its output files is its own.
             * @default {}
             */
            secrets?: {
                [key: string]: string;
            };
            steps?: ({
                command: string;
                /**
                 * @description Where true, the next Step runs even if this one fails.
                 * @default false
                 */
                continue_on_error?: boolean;
                /** @enum {string} */
                kind: "shell";
                /** @description Shown in the plan. */
                name?: string;
                /** @description The Step is killed with all its processes after this time, and counts as failed. */
                timeout_seconds?: number;
            } | {
                code: string;
                /**
                 * @description Where true, the next Step runs even if this one fails.
                 * @default false
                 */
                continue_on_error?: boolean;
                /** @enum {string} */
                kind: "python";
                /** @description Shown in the plan. */
                name?: string;
                /** @description The Step is killed with all its processes after this time, and counts as failed. */
                timeout_seconds?: number;
            } | {
                content: string;
                /**
                 * @description Where true, the next Step runs even if this one fails.
                 * @default false
                 */
                continue_on_error?: boolean;
                /**
                 * @default utf8
                 * @enum {string}
                 */
                encoding?: "utf8" | "base64";
                /** @enum {string} */
                kind: "write_file";
                /** @description Shown in the plan. */
                name?: string;
                /**
                 * @description Relative to /workspace; no leading /, no ..
                 * @example src/main.py
                 */
                path: string;
                /** @description The Step is killed with all its processes after this time, and counts as failed. */
                timeout_seconds?: number;
            })[];
        };
        System: {
            components: components["schemas"]["Components"];
            disk: {
                /** @description Of all archives together, as of at most a minute ago; null while they are being added up. */
                archives_bytes: number | null;
                /** @description Where archives lie, as the API sees it; null where that is not known, or not looked at (MIN_FREE_DISK_MB=0). */
                free_bytes: number | null;
                /** @enum {string} */
                state: "ok" | "degraded" | "away";
            };
            /** @description Of the last 24 hours, the most frequent first. */
            failures: components["schemas"]["FailureCount"][];
            queue: {
                /** @description Since it could have begun; null where none waits. */
                oldest_waiting_ms: number | null;
                running: number;
                /** @enum {string} */
                state: "ok" | "degraded" | "away";
                waiting: number;
            };
            /** @description Those heard of last come first, 200 at most. One that stopped is not among them; one that died is, for a day. */
            workers: components["schemas"]["Worker"][];
        };
        Tenant: {
            /** @description Those that are valid. */
            keys: number;
            limits: components["schemas"]["TenantLimits"];
            name: string;
            own_limits: components["schemas"]["OwnLimits"];
            use: components["schemas"]["TenantUse"];
        };
        /** @description Those that hold. */
        TenantLimits: {
            /** @description Jobs that may be submitted in a minute. Null: without a bound. */
            per_minute: number | null;
            /** @description Jobs that may wait. Null: without a bound. */
            queued: number | null;
            /** @description Size of its archives and logs together, in MB. Null: without a bound. */
            stored_mb: number | null;
            /** @description Jobs that may wait or run. Null: without a bound. */
            unfinished: number | null;
        };
        TenantList: {
            /** @description By name, 1,000 at most. */
            tenants: components["schemas"]["Tenant"][];
        };
        TenantUse: {
            /** @description Jobs that wait. */
            queued: number;
            /** @description Of its archives and logs together. */
            stored_bytes: number;
            /** @description Jobs that wait or run. */
            unfinished: number;
        };
        Timings: {
            analyze: number | null;
            archive: number | null;
            compile: number | null;
            queued: number | null;
            sandbox_start: number | null;
            steps: number | null;
            total: number | null;
        };
        Usage: {
            calls: components["schemas"]["ModelCall"][];
            /** @description Of all calls; absent where one that took tokens has none. */
            cost?: {
                amount: number;
                currency: string;
            };
            input_tokens: number;
            output_tokens: number;
        };
        UsageSample: {
            attempt: number;
            /** @description Processor time of the attempt's sandbox since that was started; two processors at work for a second are 2,000. */
            cpu_ms: number;
            /** @description Of the job's processes, as `memory_mb` counts: without what is in /workspace. */
            memory_bytes: number;
            /** Format: date-time */
            time: string;
        };
        Worker: {
            /** @description Jobs at once, at most. */
            concurrency: number;
            engine: components["schemas"]["Component"];
            /** Format: uuid */
            id: string;
            /** @description Its machine and process. */
            name: string;
            /** @description Those that are configured. */
            providers: components["schemas"]["WorkerProvider"][];
            /** @description Jobs that it runs now. */
            running: number;
            /** Format: date-time */
            seen_at: string;
            /** Format: date-time */
            started_at: string;
            /**
             * @description `silent`: nothing was heard of it for 15 s, and what it said last stands here.
             * @enum {string}
             */
            state: "taking" | "stopping" | "silent";
            version: string;
            /** @description Sandboxes that wait for a job. Null where a worker of an older version does not say. */
            warm: {
                ready: number;
                wanted: number;
            } | null;
        };
        WorkerProvider: {
            /**
             * @description `open` after failures in a row: calls are not made for a while; `half_open` while one tries, alone.
             * @enum {string}
             */
            circuit: "closed" | "open" | "half_open";
            model: string;
            /** @enum {string} */
            provider: "primary" | "fallback";
            /** @description Why its last call failed; null where it did not. */
            reason: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
