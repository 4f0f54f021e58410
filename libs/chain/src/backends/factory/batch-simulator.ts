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
import { RpcError, rpcHold } from '../../rpc/rpc.errors.js';
import { isRevert } from '../reverts.js';
import { CallSimulator } from './call-simulator.js';
import { toConflict, toTokenDeployment } from './factory.mapper.js';

type FailedFinding = Extract<JobResult, { kind: 'failed' }>;

/** A factory call that deploys a batch. */
export type BatchCall = Required<Omit<CallRequest, 'value'>>;

/** Simulation result of a batch. Each job is in exactly one list. */
export interface SimulatedBatch {
  /** Jobs whose token is to be deployed. */
  readonly notDeployed: readonly DeploymentJob[];
  readonly existing: readonly DeploymentJob[];
  readonly failed: readonly FailedFinding[];
  /** Gas of the whole call. Null when it must be estimated. */
  readonly gas: bigint | null;
}

/** Simulates a batch with its exact calldata and sender. */
export class BatchSimulator {
  constructor(
    private readonly callSimulator: CallSimulator,
    private readonly reader: ChainReader,
    private readonly config: FactoryConfig,
  ) {}

  /** Encodes `deploy` for one job, which is cheaper, and `deployBatch` for several. */
  buildCall(jobs: readonly DeploymentJob[], sender: string): BatchCall {
    const [first, ...others] = jobs.map(toTokenDeployment);
    if (!first) throw new Error('a batch holds at least one job');
    const data = others.length === 0 ? encodeDeploy(first) : encodeDeployBatch([first, ...others]);
    return { from: sender, to: this.config.factoryAddress, data };
  }

  /**
   * @param call result of `buildCall` for the same jobs, so that a large batch is encoded once
   * @throws HoldError `deployer_not_authorised` or `rpc_unavailable`; RpcUnavailableError
   */
  async simulate(jobs: readonly DeploymentJob[], call: BatchCall): Promise<SimulatedBatch> {
    try {
      const { result: outcomes, gas } = await this.callSimulator.simulate(call, (returnData) =>
        decodeOutcomes(returnData, jobs.length),
      );
      return { ...classify(jobs, outcomes), gas };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const revert = revertOf(error, call.from);
      const [only, ...others] = jobs;
      if (!only || others.length > 0) return await this.simulateOneByOne(jobs, call.from);
      if (revert === null) throw rpcHold(error);
      return { notDeployed: [], existing: [], failed: [toFailure(only, revert)], gas: null };
    }
  }

  /** Estimates the gas of a simulated batch. @throws HoldError `rpc_unavailable` */
  async estimateGas(call: BatchCall): Promise<bigint> {
    try {
      return await this.reader.estimateGas(call);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      throw rpcHold(error);
    }
  }

  /** Isolates the job that makes the whole batch revert. */
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

/**
 * Decodes the revert behind an error. Null for a revert that the code of the factory does not contain: the node ran out of
 * gas or is wrong.
 *
 * @throws HoldError for an error of the node or of the sender
 */
function revertOf(error: RpcError, sender: string): Revert | null {
  const revert = error.data === null ? null : decodeRevert(error.data);
  if (revert?.name === 'AccessControlUnauthorizedAccount') {
    throw new HoldError('deployer_not_authorised', `${sender} lost DEPLOYER_ROLE on the factory; grant it again`, {
      cause: error,
    });
  }
  if (revert !== null || isRevert(error)) return revert;
  throw rpcHold(error);
}

function toFailure(job: DeploymentJob, { name, args }: Revert): FailedFinding {
  if (name === 'ModelConflict') return toConflict(job, args[0] ?? 'unknown');
  const { modelId } = job.request.record;
  const details = args.length === 0 ? '' : `(${args.join(', ')})`;
  return { kind: 'failed', modelId, reason: 'deployment_reverted', error: `reverts with ${name}${details}` };
}
