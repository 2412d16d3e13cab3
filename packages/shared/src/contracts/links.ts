/** The paths of one Job, as they are in answers. */
export const statusLink = (jobId: string): string => `/status/${jobId}`;
export const eventsLink = (jobId: string): string => `/events/${jobId}`;
export const logsLink = (jobId: string): string => `/logs/${jobId}`;
export const cancelLink = (jobId: string): string => `/cancel/${jobId}`;
export const downloadLink = (jobId: string): string => `/download/${jobId}`;
/** Where a signed link leads. */
export const sharedLink = (jobId: string): string => `/shared/${jobId}`;
