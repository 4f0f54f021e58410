import { decodeRefusal, encodeManagedDeployment, encodeRegistration, type Refusal } from '#contracts';
import type { TokenManagerConfig } from '#config';
import { type DeployedToken, type DeploymentJob, Held, type PreparedTransaction, type TransactionKind } from '#core';
import type { CallRequest, ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc-errors.js';
import { isRevert, unknownRevert } from '../unknown-revert.js';
import { asAddress, managedDeployment } from './managed-terms.js';

/** Estimates are exact for the state they see; the blocks in between change little of it. */
const GAS_MARGIN_PERCENT = 5n;

/** One step of one job, as a call. */
export interface ManagedCall {
  readonly job: DeploymentJob;
  readonly kind: TransactionKind;
  readonly request: Required<CallRequest>;
}

/** The transaction that would carry a call out, why it would revert, or why neither can be said now. */
export type SimulatedCall = PreparedTransaction | Refusal | Held;

/** The calls of the two steps, and what the node says of them. */
export class ManagedCalls {
  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /** @param fee wei that the manager asks for */
  deploy(job: DeploymentJob, from: string, fee: bigint): ManagedCall {
    const data = encodeManagedDeployment(managedDeployment(job.request, this.config));
    return { job, kind: 'deploy', request: { from, to: asAddress(this.config.managerAddress), data, value: fee } };
  }

  register(job: DeploymentJob, from: string, token: DeployedToken): ManagedCall {
    return { job, kind: 'register', request: { from, ...this.registration(job, token), value: 0n } };
  }

  registration(job: DeploymentJob, { tokenAddress }: DeployedToken): { readonly to: string; readonly data: string } {
    const { modelId, metricName: performanceMetric } = job.request.record;
    const data = encodeRegistration({ modelId, tokenAddress, performanceMetric });
    return { to: asAddress(this.config.registryAddress), data };
  }

  /** Simulates each call by itself. */
  async simulate(calls: readonly ManagedCall[], gasLimit: bigint): Promise<readonly SimulatedCall[]> {
    if (calls.length === 0) return [];
    const estimates = await this.reader.estimates(calls.map(({ request }) => request));
    return calls.map((call, index) => {
      const estimate = estimates[index];
      return typeof estimate === 'bigint' ? prepared(call, estimate, gasLimit) : refusalOf(estimate, call.request.from);
    });
  }
}

function prepared({ job, kind, request }: ManagedCall, estimate: bigint, gasLimit: bigint): SimulatedCall {
  if (estimate > gasLimit) {
    return new Held('rpc_unavailable', `a transaction needs ${estimate} gas, a block gives ${gasLimit}`);
  }
  const wanted = estimate + (estimate * GAS_MARGIN_PERCENT) / 100n;
  const { to, data, value } = request;
  return { kind, to, data, value, gasLimit: wanted < gasLimit ? wanted : gasLimit, jobs: [job] };
}

function refusalOf(error: RpcError | undefined, sender: string): Refusal | Held {
  const message = error?.message ?? 'no answer';
  const refusal = error?.data ? decodeRefusal(error.data) : null;
  if (refusal) return refusal;
  if (/insufficient (funds|balance)/i.test(message)) {
    return new Held('insufficient_funds', `${sender} cannot pay for a transaction: ${message}`, { cause: error });
  }
  if (error && isRevert(error)) return { kind: 'other', text: unknownRevert(error.data) };
  return new Held('rpc_unavailable', `the node does not simulate: ${message}`, { cause: error });
}
