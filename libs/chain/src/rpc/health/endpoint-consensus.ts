/** State of one endpoint's chain in a round that probes all endpoints at the same time. */
export interface EndpointObservation {
  readonly name: string;
  readonly chainId: number;
  readonly head: { readonly number: number; readonly timestamp: number };
  /** Hash of its block at the checkpoint height. Null when it has none or was not asked. */
  readonly checkpointHash: string | null;
  /** Whether it votes when the endpoints disagree. An endpoint with a chain mismatch does not. */
  readonly votes: boolean;
  /** Whether it serves the reads. */
  readonly serving: boolean;
}

/** State that earlier rounds agreed on. */
export interface ConsensusState {
  /** Hash of the checkpoint block, and the number of silent endpoints that returned it recently. */
  readonly checkpoint: { readonly hash: string; readonly absentVotes: number } | null;
  /** The latest block that the pool returned. */
  readonly head: { readonly number: number; readonly timestamp: number } | null;
}

export interface LagLimits {
  readonly blocks: number;
  readonly seconds: number;
}

export type EndpointStatus =
  { readonly kind: 'good' } | { readonly kind: 'wrong_chain' | 'forked' | 'lagging'; readonly detail: string };

/**
 * Returns the hash of the checkpoint block that most endpoints have. A tie goes to the hash with more silent endpoints, then
 * to the higher head, then to the endpoint that serves the reads. Null when no endpoint returned the block.
 */
export function checkpointChain(
  observations: readonly EndpointObservation[],
  { checkpoint }: Pick<ConsensusState, 'checkpoint'>,
): string | null {
  const voting = observations.filter(({ votes }) => votes);
  const absent = checkpoint?.absentVotes ?? 0;
  // When no other endpoint is left, those with a chain mismatch vote: their chain is the chain now.
  const voters = voting.length + absent > 0 ? voting : observations;
  const remembered = absent > 0 ? checkpoint?.hash : undefined;
  const hashes = [...new Set([remembered, ...voters.map(({ checkpointHash }) => checkpointHash)])];
  const weights = hashes
    .filter((hash) => typeof hash === 'string')
    .map((hash) => weigh(hash, voters, hash === remembered ? absent : 0));
  return weights.toSorted(byWeight)[0]?.hash ?? null;
}

/** Returns the status of each endpoint by name. At least one is good, unless silent endpoints outvote the others. */
export function assessEndpoints(
  observations: readonly EndpointObservation[],
  state: ConsensusState,
  limits: LagLimits,
  chainId: number | null,
): ReadonlyMap<string, EndpointStatus> {
  const sameChain = observations.filter((observation) => chainId === null || observation.chainId === chainId);
  const chain = checkpointChain(sameChain, state);
  const divergent = new Set(sameChain.filter((observation) => !agrees(observation, chain)));
  const heads = [...sameChain.filter((observation) => !divergent.has(observation)).map(({ head }) => head), state.head];
  const best = heads.reduce((a, b) => (a !== null && (b === null || a.number >= b.number) ? a : b), null);
  return new Map(
    observations.map((observation): [string, EndpointStatus] => {
      if (!sameChain.includes(observation))
        return [observation.name, { kind: 'wrong_chain', detail: `it serves chain ${observation.chainId}` }];
      if (divergent.has(observation))
        return [observation.name, { kind: 'forked', detail: 'it has another block at the checkpoint height' }];
      return [observation.name, lagOf(observation, best, limits)];
    }),
  );
}

function lagOf(
  { head }: EndpointObservation,
  best: EndpointObservation['head'] | null,
  limits: LagLimits,
): EndpointStatus {
  const blocks = (best?.number ?? 0) - head.number;
  const seconds = (best?.timestamp ?? 0) - head.timestamp;
  if (blocks > limits.blocks) return { kind: 'lagging', detail: `its head is ${blocks} blocks behind` };
  if (blocks > 0 && seconds > limits.seconds)
    return { kind: 'lagging', detail: `its head is ${seconds} seconds behind` };
  return { kind: 'good' };
}

interface Weight {
  readonly hash: string;
  readonly votes: number;
  readonly remembered: number;
  readonly head: number;
  readonly serving: boolean;
}

function weigh(hash: string, voters: readonly EndpointObservation[], remembered: number): Weight {
  const followers = voters.filter(({ checkpointHash }) => checkpointHash === hash);
  return {
    hash,
    votes: followers.length + remembered,
    remembered,
    head: Math.max(-1, ...followers.map(({ head }) => head.number)),
    serving: followers.some(({ serving }) => serving),
  };
}

/** Compares the hashes last, so that the result does not depend on the order of the endpoints. */
function byWeight(a: Weight, b: Weight): number {
  return (
    b.votes - a.votes ||
    b.remembered - a.remembered ||
    b.head - a.head ||
    Number(b.serving) - Number(a.serving) ||
    (a.hash < b.hash ? -1 : 1)
  );
}

/** An endpoint with a chain mismatch must return the agreed block. Others may be below its height. */
function agrees({ checkpointHash, votes }: EndpointObservation, chain: string | null): boolean {
  return chain === null || checkpointHash === chain || (checkpointHash === null && votes);
}
