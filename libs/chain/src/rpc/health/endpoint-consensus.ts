/** What one endpoint showed of its chain when all were asked at the same time. */
export interface EndpointObservation {
  readonly name: string;
  readonly chainId: number;
  readonly head: { readonly number: number; readonly timestamp: number };
  /** Hash of its block at the settled height; null when it has none, or was not asked. */
  readonly settledHash: string | null;
  /** Whether its chain counts when the endpoints disagree; not that of an endpoint that was found on another one. */
  readonly votes: boolean;
  /** Whether reads come from it. */
  readonly serving: boolean;
}

/** What the service has relied on so far. */
export interface ConsensusState {
  /** Hash of the settled block, and how many endpoints showed it a while ago and are silent now. */
  readonly checkpoint: { readonly hash: string; readonly absentVotes: number } | null;
  /** The newest block that was handed out. */
  readonly head: { readonly number: number; readonly timestamp: number } | null;
}

export interface LagLimits {
  readonly blocks: number;
  readonly seconds: number;
}

export type EndpointStatus =
  { readonly kind: 'good' } | { readonly kind: 'wrong_chain' | 'forked' | 'lagging'; readonly detail: string };

/**
 * The hash of the settled block that counts: the one that most endpoints have. When as many have another one, the memory
 * of endpoints that are silent now decides; then the higher head; then whoever serves the reads. Null when nobody shows it.
 */
export function checkpointChain(
  sightings: readonly EndpointObservation[],
  { checkpoint }: Pick<ConsensusState, 'checkpoint'>,
): string | null {
  const voting = sightings.filter(({ votes }) => votes);
  const absent = checkpoint?.absentVotes ?? 0;
  // When nobody else is left, those that were on another chain decide after all: they are the chain now.
  const voters = voting.length + absent > 0 ? voting : sightings;
  const remembered = absent > 0 ? checkpoint?.hash : undefined;
  const hashes = [...new Set([remembered, ...voters.map(({ settledHash }) => settledHash)])];
  const weights = hashes
    .filter((hash) => typeof hash === 'string')
    .map((hash) => weigh(hash, voters, hash === remembered ? absent : 0));
  return weights.toSorted(byWeight)[0]?.hash ?? null;
}

/** What is wrong with each endpoint, by name. Never all at once, unless silent endpoints outvote those that answer. */
export function assessEndpoints(
  sightings: readonly EndpointObservation[],
  reliance: ConsensusState,
  limits: LagLimits,
  chainId: number | null,
): ReadonlyMap<string, EndpointStatus> {
  const ours = sightings.filter((sighting) => chainId === null || sighting.chainId === chainId);
  const chain = checkpointChain(ours, reliance);
  const strays = new Set(ours.filter((sighting) => !agrees(sighting, chain)));
  const heads = [...ours.filter((sighting) => !strays.has(sighting)).map(({ head }) => head), reliance.head];
  const best = heads.reduce((a, b) => (a !== null && (b === null || a.number >= b.number) ? a : b), null);
  return new Map(
    sightings.map((sighting): [string, EndpointStatus] => {
      if (!ours.includes(sighting))
        return [sighting.name, { kind: 'wrong_chain', detail: `it serves chain ${sighting.chainId}` }];
      if (strays.has(sighting))
        return [sighting.name, { kind: 'forked', detail: 'it has another block than the others at a settled height' }];
      return [sighting.name, lagOf(sighting, best, limits)];
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
  const followers = voters.filter(({ settledHash }) => settledHash === hash);
  return {
    hash,
    votes: followers.length + remembered,
    remembered,
    head: Math.max(-1, ...followers.map(({ head }) => head.number)),
    serving: followers.some(({ serving }) => serving),
  };
}

/** The hash itself decides at last, so that the order of the endpoints never does. */
function byWeight(a: Weight, b: Weight): number {
  return (
    b.votes - a.votes ||
    b.remembered - a.remembered ||
    b.head - a.head ||
    Number(b.serving) - Number(a.serving) ||
    (a.hash < b.hash ? -1 : 1)
  );
}

/** One that was on another chain must show the block that counts; the others may not have come that far yet. */
function agrees({ settledHash, votes }: EndpointObservation, chain: string | null): boolean {
  return chain === null || settledHash === chain || (settledHash === null && votes);
}
