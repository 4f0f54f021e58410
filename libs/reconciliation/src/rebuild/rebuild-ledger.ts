import type { ChainDeployment, ChainJob } from '#core';
import { eventIdOf } from '#messages';
import { publishMissing } from './missing-events.js';
import { rebuildLane } from './rebuild-lane.js';
import type { RebuildReport, RebuildScope, RebuiltLane } from './rebuild-scope.js';
import { classifyMissingJobs } from './missing-jobs.js';

/** Maximum receipts in memory. */
const PART = 200;
/** Maximum model ids of one kind in the report. */
const NAMED = 1_000;

/**
 * Rebuilds jobs and lanes from the chain after Redis was lost or restored from an older copy. Restores the job of every
 * final token if the contracts keep records, and reports the token otherwise. Sets the next nonce of every lane.
 * Idempotent, interruptible and safe beside running replicas.
 *
 * @throws HoldError when RPC is unavailable; RedisUnavailableError
 */
export async function rebuildLedger(scope: RebuildScope): Promise<RebuildReport> {
  const { final } = await scope.chain.head();
  const tally = emptyTally();
  const ours = new Set([...scope.signers, ...scope.chain.formerDeployers]);
  for await (const page of scope.chain.deployments(final, scope.fromBlock)) {
    const wanted = page.filter(({ deployer }) => scope.allDeployers || ours.has(deployer));
    tally.tokens += page.length;
    tally.foreignTokens += page.filter(({ deployer }) => !ours.has(deployer)).length;
    for (let start = 0; start < wanted.length; start += PART) {
      await rebuildJobs(scope, wanted.slice(start, start + PART), tally);
    }
    const last = page.at(-1);
    if (last) scope.onProgress(last.blockNumber);
  }
  const lanes: RebuiltLane[] = [];
  for (const signer of scope.signers) lanes.push(await rebuildLane(scope, signer, final));
  return { ...tally, dryRun: scope.dryRun, finalBlock: final, lanes };
}

interface Tally {
  tokens: number;
  foreignTokens: number;
  restored: number;
  present: number;
  open: number;
  published: number;
  eventsMissing: number;
  adoptable: number;
  readonly differing: string[];
  readonly adoptableModels: string[];
  readonly unadoptable: string[];
}

function emptyTally(): Tally {
  return {
    tokens: 0,
    foreignTokens: 0,
    restored: 0,
    present: 0,
    open: 0,
    published: 0,
    eventsMissing: 0,
    adoptable: 0,
    differing: [],
    adoptableModels: [],
    unadoptable: [],
  };
}

async function rebuildJobs(scope: RebuildScope, deployments: readonly ChainDeployment[], tally: Tally): Promise<void> {
  const { chain, restoration, dryRun, events, site } = scope;
  if (!chain.keepsRecords) return await classifyJobs(scope, deployments, tally);
  const found = await chain.toChainJobs(deployments);
  const vouched = events === 'published' ? { publishedAs: (modelId: string) => eventIdOf(site, modelId) } : {};
  const outcomes = await restoration.restore(found, { dryRun, ...vouched });
  const settled: ChainJob[] = [];
  for (const [index, job] of found.entries()) {
    const outcome = outcomes[index];
    if (outcome === 'restored' || outcome === 'present') settled.push(job);
    if (outcome === 'differs') addModelId(tally.differing, job.request.record.modelId);
    else if (outcome !== undefined) tally[outcome] += 1;
  }
  const { published, missing } = await publishMissing(scope, settled);
  tally.published += published;
  tally.eventsMissing += missing;
}

async function classifyJobs(scope: RebuildScope, deployments: readonly ChainDeployment[], tally: Tally): Promise<void> {
  for (const { modelId, standing } of await classifyMissingJobs(scope, deployments)) {
    if (standing === 'differs') addModelId(tally.differing, modelId);
    else if (standing === 'unadoptable') addModelId(tally.unadoptable, modelId);
    else tally[standing] += 1;
    if (standing === 'adoptable') addModelId(tally.adoptableModels, modelId);
  }
}

function addModelId(models: string[], modelId: string): void {
  if (models.length < NAMED) models.push(modelId);
}
