import { ownKeyPrefix } from '#queue';
import type { LedgerOptions } from './ledger-options.js';

export interface LedgerKeys {
  /**
   * Prefix from which scripts compute `job:<model id>` and `leases:<model id>`. All keys of a ledger share the hash
   * slot of its queue.
   */
  readonly prefix: string;
  /** ZSET of model ids by creation order: all, or those in one state. */
  jobs(state?: string): string;
  /** HASH */
  job(modelId: string): string;
  /** SET of leases of the messages attached to a job. */
  leases(modelId: string): string;
  /** ZSET of the models that messages of a producer with a budget opened in the last day. */
  producer(name: string): string;
  /** HASH of the last turn that a message over its producer's budget got, by producer. */
  readonly producerTurns: string;
  /** SET of addresses of all lanes ever acquired. */
  readonly lanes: string;
  /** HASH of owner, epoch, lease expiry and duration, next nonce and final block of the last closed slot. */
  lane(address: string): string;
  /** HASH of open slots by nonce. */
  slots(address: string): string;
  /** HASH of the operators' policy. This and the next belong to queue and chain, so that they survive `ledger:move`. */
  readonly policy: string;
  /** HASH of costs by bucket, see `spend.lua`. */
  readonly spent: string;
  /** HASH of what each open slot may cost. */
  readonly reserved: string;
  /** HASH of the circuit breaker, see `circuit.lua`. */
  readonly circuit: string;
  /** ZSET of how the last transactions ended. */
  readonly outcomes: string;
}

/** Returns the keys of one ledger. Each queue, chain and contract has its own ledger. */
export function ledgerKeys(options: Pick<LedgerOptions, 'queueName' | 'chainId' | 'contract' | 'braced'>): LedgerKeys {
  const own = ownKeyPrefix(options.queueName, options.braced ?? false);
  const prefix = `${own}:ledger:${options.chainId}:${options.contract.toLowerCase()}:`;
  const spending = `${own}:spending:${options.chainId}`;
  return {
    prefix,
    jobs: (state) => `${prefix}jobs${state === undefined ? '' : `:${state}`}`,
    job: (modelId) => `${prefix}job:${modelId}`,
    leases: (modelId) => `${prefix}leases:${modelId}`,
    producer: (name) => `${prefix}producer:${name}`,
    producerTurns: `${prefix}producer-turns`,
    lanes: `${prefix}lanes`,
    lane: (address) => `${prefix}lane:${address.toLowerCase()}`,
    slots: (address) => `${prefix}slots:${address.toLowerCase()}`,
    policy: `${spending}:policy`,
    spent: `${spending}:spent`,
    reserved: `${spending}:reserved`,
    circuit: `${spending}:circuit`,
    outcomes: `${spending}:outcomes`,
  };
}
