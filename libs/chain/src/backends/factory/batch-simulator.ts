import { type DeploymentJob, HoldError, type JobResult } from '#core';
import { FactoryConfig } from '#config';
import {
  decodeDeployBatchResult,
  decodeDeployResult,
  decodeRevert,
  type DeployOutcome,
  encodeDeploy,
  encodeDeployBatch,
} from '#contracts';
import { type CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { isRevert, describeUnknownRevert } from '../reverts.js';
import { CallSimulator } from './call-simulator.js';
import { toTokenDeployment } from './deployment-of.js';
import { toConflict } from './model-conflict.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** The factory call that deploys a batch. */
export type BatchCall = Required<Omit<CallRequest, 'value'>>;

/** What each job of a batch would meet on the chain now. Every job is in exactly one of the lists. */
export interface SimulatedBatch {
  /** No token yet: they need the transaction. */
  readonly notDeployed: readonly DeploymentJob[];
  readonly existing: readonly DeploymentJob[];
  readonly failed: readonly FailedFinding[];
  /** What the whole call needs; null where that must be estimated. */
  readonly gas: bigint | null;
}

/** Runs the exact calldata, as the exact sender, without sending it. */
export class BatchSimulator {
  constructor(
    private readonly callSimulator: CallSimulator,
    private readonly reader: ChainReader,
    private readonly config: FactoryConfig,
  ) {}

  /** One job goes through `deploy`, which is cheaper; several through `deployBatch`. */
  buildCall(jobs: readonly DeploymentJob[], sender: string): BatchCall {
    const [first, ...others] = jobs.map(toTokenDeployment);
    if (!first) throw new Error('a batch holds at least one job');
    const data = others.length === 0 ? encodeDeploy(first) : encodeDeployBatch([first, ...others]);
    return { from: sender, to: this.config.factoryAddress, data };
  }

  /**
   * @param call what `callOf` makes of the same jobs; encoding a large batch is worth doing once
   * @throws HoldError when the sender may not deploy; RpcUnavailableError
   */
  async simulate(jobs: readonly DeploymentJob[], call: BatchCall): Promise<SimulatedBatch> {
    try {
      const { result: outcomes, gas } = await this.callSimulator.simulate(call, (returnData) =>
        decodeOutcomes(returnData, jobs.length),
      );
      return { ...classify(jobs, outcomes), gas };
    } catch (error) {
      const revert = revertOrThrow(error, call.from);
      const [only] = jobs;
      if (jobs.length === 1 && only)
        return { notDeployed: [], existing: [], failed: [toFailure(only, revert)], gas: null };
      return await this.simulateOneByOne(jobs, call.from);
    }
  }

  /** Gas of a batch that the simulation let through. @throws HoldError, never a guess */
  async estimateGas(call: BatchCall): Promise<bigint> {
    try {
      return await this.reader.estimateGas(call);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      throw new HoldError('rpc_unavailable', `the node does not estimate the gas: ${error.message}`, { cause: error });
    }
  }

  /** Something in the batch reverts as a whole: each job alone shows which, and its neighbours go on. */
  private async simulateOneByOne(jobs: readonly DeploymentJob[], sender: string): Promise<SimulatedBatch> {
    const batches: SimulatedBatch[] = [];
    for (const job of jobs) batches.push(await this.simulate([job], this.buildCall([job], sender)));
    return {
      notDeployed: batches.flatMap(({ notDeployed }) => notDeployed),
      existing: batches.flatMap(({ existing }) => existing),
      failed: batches.flatMap(({ failed }) => failed),
      gas: null,
    };
  }
}

/** One outcome for each job. @throws when the data is not what the factory returns */
function decodeOutcomes(returnData: string, jobs: number): readonly DeployOutcome[] {
  const outcomes = jobs === 1 ? [decodeDeployResult(returnData)] : decodeDeployBatchResult(returnData);
  if (outcomes.length !== jobs) throw new TypeError('not an outcome for each job');
  return outcomes;
}

function classify(jobs: readonly DeploymentJob[], outcomes: readonly DeployOutcome[]): Omit<SimulatedBatch, 'gas'> {
  const having = (status: DeployOutcome['status']): readonly DeploymentJob[] =>
    jobs.filter((_, index) => outcomes[index]?.status === status);
  const conflicts = jobs.flatMap((job, index) => {
    const outcome = outcomes[index];
    return outcome?.status === 'conflict' ? [toConflict(job, outcome.tokenAddress)] : [];
  });
  return { notDeployed: having('created'), existing: having('existing'), failed: conflicts };
}

interface Revert {
  readonly name: string;
  readonly args: readonly string[];
}

/** The decoded revert behind an error, or the error itself thrown again when it is none. */
function revertOrThrow(error: unknown, sender: string): Revert {
  if (!(error instanceof RpcError)) throw error;
  const revert = error.data === null ? null : decodeRevert(error.data);
  if (revert?.name === 'AccessControlUnauthorizedAccount') {
    throw new HoldError('deployer_not_authorised', `${sender} may not deploy any more`, { cause: error });
  }
  if (revert) return revert;
  if (isRevert(error)) return { name: describeUnknownRevert(error.data), args: [] };
  throw new HoldError('rpc_unavailable', `the node does not simulate: ${error.message}`, { cause: error });
}

function toFailure(job: DeploymentJob, { name, args }: Revert): FailedFinding {
  if (name === 'ModelConflict') return toConflict(job, args[0] ?? 'unknown');
  const { modelId } = job.request.record;
  const details = args.length === 0 ? '' : `(${args.join(', ')})`;
  return { kind: 'failed', modelId, reason: 'deployment_reverted', error: `reverts with ${name}${details}` };
}
