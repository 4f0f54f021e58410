import type { Environment } from '#config';
import { type ChainStateReader, type JobState, StartupError } from '#core';
import { type PinnedHome, RedisLedgerStateReader, RedisQueueHome } from '#ledger';
import { queueHome } from '#queue';
import { withCliContext } from '../cli-context.js';

export interface MoveLedgerOptions {
  readonly dryRun?: boolean;
  /** Accepts that models get a second token, because of another chain or other model ids. */
  readonly acceptSecondTokens?: boolean;
}

/** A model and its token at the former home. */
interface MovedModel {
  readonly modelId: string;
  readonly tokenAddress: string;
  /** Token at the new home; null for none. */
  readonly second: string | null;
}

export interface MoveReport {
  readonly dryRun: boolean;
  readonly moved: boolean;
  readonly from: PinnedHome;
  readonly to: PinnedHome;
  /** Jobs at the former home by state. */
  readonly jobs: Readonly<Record<JobState, number>>;
  readonly models: readonly MovedModel[];
  /** Why the queue does not move. */
  readonly obstacles: readonly string[];
}

/**
 * Moves a queue to the chain and contract of the environment.
 *
 * @param environment the service's environment with the new settings; needs no private key
 * @throws ConfigValidationError; StartupError; RedisUnavailableError; HoldError when RPC is unavailable
 */
export async function runMoveLedger(environment: Environment, options: MoveLedgerOptions = {}): Promise<MoveReport> {
  return await withCliContext(environment, async ({ connections, ledger, chain, modelIdSource, formerContracts }) => {
    const home = new RedisQueueHome(connections, ledger);
    const from = await home.read();
    const to: PinnedHome = { chainId: ledger.chainId, contract: queueHome(ledger).contract, modelIdSource };
    if (from === null) throw new StartupError(`the queue ${ledger.queueName} has no home yet: its first claim pins it`);
    const stored = new RedisLedgerStateReader(connections, {
      ...ledger,
      chainId: from.chainId,
      contract: from.contract,
    });
    const { jobs, models } = await survey(stored, chain);
    const obstacles = findObstacles({ from, to, jobs, models }, formerContracts, options);
    const dryRun = options.dryRun ?? false;
    const moves = !dryRun && obstacles.length === 0;
    const result = moves ? await home.move(from, queueHome({ ...ledger, modelIdSource })) : null;
    if (result?.kind === 'changed') throw new StartupError('the home of the queue changed meanwhile: start again');
    if (result?.kind === 'open') obstacles.push(openTransactions(result.jobs));
    return { dryRun, moved: result?.kind === 'moved', from, to, jobs, models, obstacles };
  });
}

async function survey(
  stored: RedisLedgerStateReader,
  chain: ChainStateReader,
): Promise<Pick<MoveReport, 'jobs' | 'models'>> {
  const jobs: Record<JobState, number> = {
    admitted: 0,
    submitted: 0,
    deployed_unregistered: 0,
    deployed: 0,
    failed: 0,
  };
  const models: MovedModel[] = [];
  for await (const page of stored.jobs()) {
    const withToken: { readonly modelId: string; readonly tokenAddress: string }[] = [];
    for (const { modelId, job } of page) {
      if (job === null) continue;
      jobs[job.state] += 1;
      if (job.token !== null) withToken.push({ modelId, tokenAddress: job.token.tokenAddress });
    }
    const seconds = await chain.tokens(withToken.map(({ modelId }) => modelId));
    models.push(
      ...withToken.map((model, index) => ({
        ...model,
        second: otherThan(model.tokenAddress, seconds[index]?.address),
      })),
    );
  }
  return { jobs, models };
}

function otherThan(tokenAddress: string, found: string | undefined): string | null {
  return found === undefined || found === tokenAddress ? null : found;
}

function findObstacles(
  { from, to, jobs, models }: Pick<MoveReport, 'from' | 'to' | 'jobs' | 'models'>,
  formerContracts: readonly string[],
  { acceptSecondTokens = false }: MoveLedgerOptions,
): string[] {
  const obstacles: string[] = [];
  const isSameContract = from.chainId === to.chainId && from.contract === to.contract;
  const isSameSource = from.modelIdSource === null || from.modelIdSource === to.modelIdSource;
  if (isSameContract && isSameSource) return obstacles;
  if (jobs.submitted > 0) obstacles.push(openTransactions(jobs.submitted));
  const isKnown = formerContracts.some((contract) => contract.toLowerCase() === from.contract);
  if (from.chainId === to.chainId && !isSameContract && !isKnown) {
    obstacles.push(
      `FORMER_FACTORIES or FORMER_TOKEN_MANAGERS must name ${from.contract}: its models keep the tokens that they have there`,
    );
  }
  if (from.chainId !== to.chainId && models.length > 0 && !acceptSecondTokens) {
    obstacles.push(
      `${models.length} models have a token on chain ${from.chainId}, which the service on chain ${to.chainId} cannot ask: ` +
        'each would get a second one for its next message; accept that with --accept-second-tokens',
    );
  }
  if (!isSameSource && models.length > 0 && !acceptSecondTokens) {
    obstacles.push(
      `${models.length} models were named by ${from.modelIdSource}, and MODEL_ID_SOURCE is ${to.modelIdSource}: ` +
        'each would get a second token under its other id; accept that with --accept-second-tokens',
    );
  }
  return obstacles;
}

function openTransactions(jobs: number): string {
  return `${jobs} jobs are in open transactions of the former home: let the service finish them with the former settings`;
}
