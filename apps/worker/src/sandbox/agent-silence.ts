/**
 * An agent that has heard from no worker for so long ends itself. Longer than a worker that was killed takes to be
 * replaced, and than one that is cut off from the database holds on; no worker of another engine takes its Attempt sooner.
 */
export const agentSilenceMs = 120_000;

/**
 * When nobody has spoken to an agent for so long, its Steps run no more, whatever the engine says or does not say: it has
 * ended itself, or it is frozen and ends itself as soon as it goes on. The margin is for its timer on a busy machine.
 */
export const agentEndsItselfMs = agentSilenceMs + 15_000;
