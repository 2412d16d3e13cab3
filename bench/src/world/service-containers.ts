import type Dockerode from "dockerode";
import { waitUntil } from "../../../tests/chaos/trials/wait-until.ts";

/** The containers of one installation, as its engine has them. */
export interface ServiceContainers {
  /** Resolves when no Job has one, and so many at least wait for one. Rejects where that does not come to be. */
  settled(waiting: number): Promise<void>;
  /** As `settled`, and each that waits has had the time to come up. */
  ready(waiting: number): Promise<void>;
  /** Ids of those that wait for a Job. */
  waiting(): Promise<readonly string[]>;
  removeAll(): Promise<void>;
}

/** A pool of twenty fills within seconds on an idle machine, and on a busy one within a minute or two. */
const boundMs = 180_000;
const everyMs = 20;
/** The engine tells when a container was made in whole seconds; an agent says hello within half a one. */
const comeUpSeconds = 2;
/** The name that a container has as soon as it is a Job's. */
const jobsName = /^\/longshore-[0-9a-f-]{36}-a\d/;

type Found = Awaited<ReturnType<Dockerode["listContainers"]>>;

export function watchContainers(
  docker: Dockerode,
  installationId: string,
  stop: AbortSignal,
): ServiceContainers {
  const filters = { label: [`longshore.installation=${installationId}`] };
  const list = () => docker.listContainers({ all: true, filters });
  const ofJobs = (found: Found) => found.filter(({ Names }) => Names.some((name) => jobsName.test(name)));
  const waitingOf = (found: Found) =>
    found.filter((each) => each.State === "running" && !ofJobs([each]).length);
  const until = async (what: string, isSo: (found: Found) => boolean): Promise<void> => {
    const ask = async () => (isSo(await list()) ? true : null);
    await waitUntil(ask, { what, boundMs, stop, everyMs });
  };
  return {
    settled: (count) =>
      until(
        `no job has a container, and ${String(count)} wait for one`,
        (found) => ofJobs(found).length === 0 && waitingOf(found).length >= count,
      ),
    ready: (count) =>
      until(`${String(count)} containers have come up`, (found) => {
        const upSince = Date.now() / 1_000 - comeUpSeconds;
        const up = waitingOf(found).filter(({ Created }) => Created <= upSince);
        return ofJobs(found).length === 0 && up.length >= count;
      }),
    waiting: async () => waitingOf(await list()).map(({ Id }) => Id),
    removeAll: async () => {
      for (const { Id } of await list())
        await docker
          .getContainer(Id)
          .remove({ force: true })
          .catch(() => null);
    },
  };
}
