import { ownKeyPrefix } from '#queue';
import type { LedgerOptions } from './ledger-options.js';

export interface LedgerKeys {
  /**
   * Scripts that touch many jobs compute their keys from it, `job:<model id>` and `leases:<model id>`, instead of taking
   * two keys for each of 250 jobs: in Redis Cluster every key of a ledger shares the slot of its queue.
   */
  readonly prefix: string;
  /** ZSET of model ids by order of creation: all of them, or those in one state. */
  jobs(state?: string): string;
  /** HASH */
  job(modelId: string): string;
  /** SET of the leases of the messages attached to a job. */
  leases(modelId: string): string;
  /** SET of the addresses of all lanes that were ever taken. */
  readonly lanes: string;
  /** HASH of owner, epoch, end of the lease, next nonce and the block of the slot that closed last. */
  lane(address: string): string;
  /** HASH of open slots by nonce. */
  slots(address: string): string;
}

/** One ledger per queue, chain and contract: a model deployed on one chain is not taken for deployed on another. */
export function ledgerKeys(options: Pick<LedgerOptions, 'queueName' | 'chainId' | 'contract' | 'braced'>): LedgerKeys {
  const prefix = `${ownKeyPrefix(options.queueName, options.braced ?? false)}:ledger:${options.chainId}:${options.contract.toLowerCase()}:`;
  return {
    prefix,
    jobs: (state) => `${prefix}jobs${state === undefined ? '' : `:${state}`}`,
    job: (modelId) => `${prefix}job:${modelId}`,
    leases: (modelId) => `${prefix}leases:${modelId}`,
    lanes: `${prefix}lanes`,
    lane: (address) => `${prefix}lane:${address.toLowerCase()}`,
    slots: (address) => `${prefix}slots:${address.toLowerCase()}`,
  };
}
