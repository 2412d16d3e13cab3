/** Everybody who may ask. */
export const identities = [
  "none",
  "wrong",
  "revoked",
  "expired",
  "other tenant",
  "admin of another",
  "read-only",
  "write-only",
  "owner",
  "admin",
] as const;

export type Identity = (typeof identities)[number];

type Row = Readonly<Record<Identity, number>>;

const nobody = { none: 401, wrong: 401, revoked: 401, expired: 401 } as const;

/** The same for everybody. */
const all = (status: number): Row => ({
  ...{ none: status, wrong: status, revoked: status, expired: status },
  ...{ "other tenant": status, "admin of another": status, "read-only": status, "write-only": status },
  ...{ owner: status, admin: status },
});

const open = all(200);

/** What a link opens, asked without one. */
const linked = all(422);

/** A job of the owner's tenant is read: to another tenant there is none. */
const reading: Row = {
  ...nobody,
  ...{
    "other tenant": 404,
    "admin of another": 404,
    "read-only": 200,
    "write-only": 403,
    owner: 200,
    admin: 200,
  },
};

/** A job of the owner's tenant is changed; `done` is how that is answered. */
const changing = (done: number): Row => ({
  ...nobody,
  ...{ "other tenant": 404, "admin of another": 404, "read-only": 403 },
  ...{ "write-only": done, owner: done, admin: done },
});

/** What only admins may. */
const administering = (done: number): Row => ({
  ...nobody,
  ...{ "other tenant": 403, "read-only": 403, "write-only": 403, owner: 403 },
  ...{ "admin of another": done, admin: done },
});

/**
 * Who is answered how, route by route: what is promised, written down by hand, and not by the table that the service
 * goes by. A HEAD is answered as its GET.
 */
export const accessMatrix: Readonly<Record<string, Row>> = {
  "GET /": open,
  "GET /health": open,
  "GET /ready": { ...open, ...nobody },
  "GET /me": { ...open, ...nobody },
  "GET /metrics": administering(200),
  "GET /system": administering(200),
  "GET /keys": administering(200),
  "POST /keys": administering(201),
  // A key of the owner's tenant: to an admin of another there is none.
  "DELETE /keys/{key}": { ...administering(200), "admin of another": 404 },
  "GET /tenants": administering(200),
  // Of these nobody runs the service.
  "PATCH /tenants/{name}": administering(403),
  "POST /schedule": {
    ...nobody,
    ...{ "other tenant": 202, "admin of another": 202, "read-only": 403 },
    ...{ "write-only": 202, owner: 202, admin: 202 },
  },
  "GET /jobs": { ...open, ...nobody, "write-only": 403 },
  "GET /status/{id}": reading,
  "GET /logs/{id}": reading,
  "GET /events/{id}": reading,
  "GET /download/{id}": reading,
  "GET /jobs/{id}/request": { ...reading, "read-only": 403 },
  "GET /jobs/{id}/plans": reading,
  "GET /jobs/{id}/usage": reading,
  "GET /jobs/{id}/files": reading,
  "GET /jobs/{id}/files/{path}": reading,
  "GET /shared/{id}": linked,
  "POST /cancel/{id}": changing(200),
  "POST /jobs/{id}/download-link": { ...changing(201), "write-only": 403 },
  "DELETE /jobs/{id}": changing(204),
};
