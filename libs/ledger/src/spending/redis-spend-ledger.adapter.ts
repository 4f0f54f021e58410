import { randomUUID } from 'node:crypto';
import { type OperatorAction, SpendLedger, type SpendPolicy, type SpendState } from '#core';
import { auditArguments, queueKeys } from '#queue';
import type { RedisConnections } from '#redis';
import { integerReply } from '../codec/reply.codec.js';
import { decodeSpendState, encodePolicy } from '../codec/spend.codec.js';
import { type LedgerKeys, ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/** Policy and spending in Redis, by the Redis clock. All methods throw `RedisUnavailableError`. */
export class RedisSpendLedger extends SpendLedger {
  private readonly keys: LedgerKeys;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
  }

  /** @throws LedgerCorruptedError for a malformed policy */
  override async read(): Promise<SpendState> {
    const { policy, spent, reserved } = this.keys;
    return decodeSpendState(await LUA.readSpend.run(this.connections.http, [policy, spent, reserved], []));
  }

  override async replacePolicy(policy: SpendPolicy, version: number, action: OperatorAction): Promise<boolean> {
    const { audit } = queueKeys(this.options.queueName, { braced: this.options.braced ?? false });
    const fields = encodePolicy(policy);
    const args = [randomUUID(), version, ...auditArguments(action), fields.join(' '), ...fields];
    const reply = await LUA.replacePolicy.runIdempotent(this.connections.http, [this.keys.policy, audit], args);
    return integerReply(reply) === 1;
  }
}
