import {
  decodeContractRevert,
  encodeTokenManagerDeployment,
  encodeRegistration,
  type ContractRevert,
} from '#contracts';
import type { TokenManagerConfig } from '#config';
import {
  type DeployedToken,
  type DeploymentJob,
  HoldError,
  type PreparedTransaction,
  type SubmissionLimits,
  type TransactionKind,
} from '#core';
import { minBigInt, withGasMargin } from '../../common/bigints.js';
import type { CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { type BatchResult, RpcError, rpcHold, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import { gasAboveLimit } from '../gas-above-limit.js';
import { isRevert, describeUnknownRevert } from '../reverts.js';
import { CallGasEstimator } from './call-gas-estimator.js';
import { toChecksumAddress, toTokenManagerDeployment } from './deployment-terms.js';

/** One step of one job, as a call. */
export interface TokenManagerCall {
  readonly job: DeploymentJob;
  readonly kind: TransactionKind;
  readonly request: Required<CallRequest>;
}

/** The transaction of a call, its revert, or why it cannot be simulated now. */
export type SimulationOutcome = PreparedTransaction | ContractRevert | HoldError;

/** Builds and simulates the calls of both steps. */
export class TokenManagerCalls {
  private readonly deploymentGas: CallGasEstimator;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {
    this.deploymentGas = new CallGasEstimator(reader);
  }

  /** @param fee the manager's fee in wei */
  deployCall(job: DeploymentJob, from: string, fee: bigint): TokenManagerCall {
    const data = encodeTokenManagerDeployment(toTokenManagerDeployment(job.request, this.config));
    return {
      job,
      kind: 'deploy',
      request: { from, to: toChecksumAddress(this.config.managerAddress), data, value: fee },
    };
  }

  registerCall(job: DeploymentJob, from: string, token: DeployedToken): TokenManagerCall {
    return { job, kind: 'register', request: { from, ...this.registrationData(job, token), value: 0n } };
  }

  registrationData(
    job: DeploymentJob,
    { tokenAddress }: DeployedToken,
  ): { readonly to: string; readonly data: string } {
    const { modelId, metricName: performanceMetric } = job.request.record;
    const data = encodeRegistration({ modelId, tokenAddress, performanceMetric });
    return { to: toChecksumAddress(this.config.registryAddress), data };
  }

  /** Simulates each call by itself. */
  async simulate(calls: readonly TokenManagerCall[], limits: SubmissionLimits): Promise<readonly SimulationOutcome[]> {
    const estimates = await this.estimates(calls);
    return calls.map((call) => {
      const estimate = estimates.get(call);
      if (typeof estimate !== 'bigint') return classifyError(estimate, call.request.from);
      const isAbove = estimate > limits.gasLimit;
      return isAbove ? gasAboveLimit(this.reader, estimate, limits.gasLimit) : toTransaction(call, estimate, limits);
    });
  }

  private async estimates(
    calls: readonly TokenManagerCall[],
  ): Promise<ReadonlyMap<TokenManagerCall, BatchResult<bigint>>> {
    const deployments = calls.filter(({ kind }) => kind === 'deploy');
    const others = calls.filter(({ kind }) => kind !== 'deploy');
    const found = await Promise.all([
      this.deploymentGas.estimates(deployments.map(({ request }) => request)),
      this.reader.estimates(others.map(({ request }) => request)),
    ]);
    const estimates = found.flat();
    return new Map(
      [...deployments, ...others].flatMap((call, index) => {
        const estimate = estimates[index];
        return estimate === undefined ? [] : [[call, estimate] as const];
      }),
    );
  }
}

function toTransaction(
  { job, kind, request }: TokenManagerCall,
  estimate: bigint,
  { gasLimit, gasMarginPercent }: SubmissionLimits,
): PreparedTransaction {
  const { to, data, value } = request;
  return {
    kind,
    to,
    data,
    value,
    gasLimit: minBigInt(withGasMargin(estimate, gasMarginPercent), gasLimit),
    jobs: [job],
  };
}

function classifyError(error: RpcError | RpcUnavailableError | undefined, sender: string): ContractRevert | HoldError {
  const message = error?.message ?? 'no answer';
  const refusal = error instanceof RpcError && error.data ? decodeContractRevert(error.data) : null;
  if (refusal) return refusal;
  if (/insufficient (funds|balance)/i.test(message)) {
    return new HoldError('insufficient_funds', `${sender} cannot pay for a transaction: ${message}`, { cause: error });
  }
  if (error instanceof RpcError && isRevert(error)) return { kind: 'other', text: describeUnknownRevert(error.data) };
  return error === undefined ? new HoldError('rpc_unavailable', 'no answer to the simulation') : rpcHold(error);
}
