import type { TokenManagerConfig } from '#config';
import { decodeDeploymentFee, encodeDeploymentFee } from '#contracts';
import { type DeploymentJob, HoldError } from '#core';
import { formatEther } from 'ethers';
import type { ChainReader } from '../../rpc/chain-reader.js';
import type { TermsCheck } from './terms-check.js';
import type { TokenManagerCall, TokenManagerCalls } from './token-manager-calls.js';

/** First step: deploys the token through the TokenManager. Any signer may send it. */
export class DeployStep {
  constructor(
    private readonly reader: ChainReader,
    private readonly calls: TokenManagerCalls,
    private readonly terms: TermsCheck,
    private readonly config: TokenManagerConfig,
  ) {}

  /**
   * Returns the deployments that may be sent now: one until a token has shown that the contracts keep the terms.
   *
   * @throws HoldError `fee_above_cap` when the manager's fee exceeds `MAX_DEPLOYMENT_FEE_ETHER`; `terms_differ`
   */
  async plan(jobs: readonly DeploymentJob[], sender: string): Promise<readonly TokenManagerCall[]> {
    if (jobs.length === 0) return [];
    const fee = await this.fee();
    const cap = this.config.maxDeploymentFee;
    if (fee > cap) {
      const detail = `the TokenManager takes ${formatEther(fee)} ether, the cap is ${formatEther(cap)} ether`;
      throw new HoldError('fee_above_cap', detail);
    }
    const admitted = await this.terms.admit(jobs);
    return admitted.map((job) => this.calls.deployCall(job, sender, fee));
  }

  /** Returns the manager's deployment fee in wei. @throws RpcError when the contract reverts; RpcUnavailableError */
  async fee(): Promise<bigint> {
    const { managerAddress: to } = this.config;
    return await this.reader.view({ to, data: encodeDeploymentFee() }, decodeDeploymentFee);
  }
}
