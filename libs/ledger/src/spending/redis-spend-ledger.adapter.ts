import { randomUUID } from 'node:crypto';
import {
  type CircuitLimits,
  type OperatorAction,
  SpendLedger,
  type SpendPolicy,
  type SpendState,
  type TransactionOutcome,
} from '#core';
import { auditArguments, queueKeys } from '#queue';
import type { RedisConnections } from '#redis';
import { integerReply } from '../codec/reply.codec.js';
import { decodeSpendState, encodeOutcome, encodePolicy } from '../codec/spend.codec.js';
import { type LedgerKeys, ledgerKeys } from '../ledger-keys.js';
import type { LedgerOptions } from '../ledger-options.js';
import { LUA } from '../lua-scripts.js';

/** Policy, spending and circuit breaker in Redis, by the Redis clock. All methods throw `RedisUnavailableError`. */
export class RedisSpendLedger extends SpendLedger {
  private readonly keys: LedgerKeys;

  constructor(
    private readonly connections: RedisConnections,
    private readonly options: LedgerOptions,
  ) {
    super();
    this.keys = ledgerKeys(options);
  }

  /** @throws LedgerCorruptedError for a malformed policy or circuit breaker */
  override async read(): Promise<SpendState> {
    const { policy, spent, reserved, circuit } = this.keys;
    return decodeSpendState(await LUA.readSpend.run(this.connections.http, [policy, spent, reserved, circuit], []));
  }

  override async replacePolicy(policy: SpendPolicy, version: number, action: OperatorAction): Promise<boolean> {
    const { audit } = queueKeys(this.options.queueName, { braced: this.options.braced ?? false });
    const fields = encodePolicy(policy);
    const args = [randomUUID(), version, ...auditArguments(action), fields.join(' '), ...fields];
    const reply = await LUA.replacePolicy.runIdempotent(this.connections.http, [this.keys.policy, audit], args);
    return integerReply(reply) === 1;
  }

  override async recordOutcomes(outcomes: readonly TransactionOutcome[], limits: CircuitLimits): Promise<void> {
    const { failures, costFactor, coolDownMs } = limits;
    const args = [failures, costFactor ?? '', coolDownMs, ...outcomes.flatMap(encodeOutcome)];
    const { circuit, outcomes: recorded } = this.keys;
    await LUA.recordOutcomes.runIdempotent(this.connections.commands, [circuit, recorded], args);
  }

  override async closeCircuit(action: OperatorAction): Promise<boolean> {
    const { audit } = queueKeys(this.options.queueName, { braced: this.options.braced ?? false });
    const args = [randomUUID(), ...auditArguments(action)];
    const reply = await LUA.closeCircuit.runIdempotent(this.connections.http, [this.keys.circuit, audit], args);
    return integerReply(reply) === 1;
  }
}
