import type { TokenManagerConfig } from '#config';
import { decodeDeploymentFee, encodeDeploymentFee } from '#contracts';
import { type DeploymentJob, HoldError } from '#core';
import { formatEther } from 'ethers';
import type { ChainReader } from '../../rpc/chain-reader.js';
import type { TokenManagerCall, TokenManagerCalls } from './token-manager-calls.js';

/** The first step: the manager makes a token. Any of our signers may send it. */
export class DeployStep {
  constructor(
    private readonly reader: ChainReader,
    private readonly calls: TokenManagerCalls,
    private readonly config: TokenManagerConfig,
  ) {}

  /** @throws HoldError when the manager asks for more than may be paid */
  async plan(jobs: readonly DeploymentJob[], sender: string): Promise<readonly TokenManagerCall[]> {
    if (jobs.length === 0) return [];
    const fee = await this.fee();
    const cap = this.config.maxDeploymentFee;
    if (fee > cap) {
      const detail = `the TokenManager takes ${formatEther(fee)} ether, the cap is ${formatEther(cap)} ether`;
      throw new HoldError('fee_above_cap', detail);
    }
    return jobs.map((job) => this.calls.deployCall(job, sender, fee));
  }

  /** Wei. @throws RpcError where there is no TokenManager; RpcUnavailableError */
  async fee(): Promise<bigint> {
    const { managerAddress: to } = this.config;
    return await this.reader.view({ to, data: encodeDeploymentFee() }, decodeDeploymentFee);
  }
}
