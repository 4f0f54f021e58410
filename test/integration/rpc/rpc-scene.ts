import { expect } from 'vitest';
import type { Environment } from '#config';
import { recordFingerprint } from '#core';
import { ChainHarness } from '../../support/chain-harness.js';
import type { ChainReplica } from '../../support/chain-replica.js';
import { aDeploymentJob } from '../../support/fakes/deployment-job.js';
import { RpcProxy } from '../../support/rpc-proxy.js';
import { until } from '../../support/until.js';

/** A chain behind two endpoints, each of which can be broken by itself. */
export class RpcScene {
  private firstNonce = 0;

  private constructor(
    readonly chain: ChainHarness,
    /** In front of the same node as `chain.proxy`, which is the first endpoint. */
    readonly second: RpcProxy,
  ) {}

  static async start(): Promise<RpcScene> {
    const chain = await ChainHarness.start();
    return new RpcScene(chain, await RpcProxy.start(chain.anvil.url));
  }

  async stop(): Promise<void> {
    await this.chain.stop();
    await this.second.stop();
  }

  async reset(): Promise<void> {
    this.second.heal();
    this.second.pointTo(this.chain.anvil.url);
    await this.chain.reset();
    this.second.seen.length = 0;
  }

  get first(): RpcProxy {
    return this.chain.proxy;
  }

  /** A replica at work, with the first endpoint only, and with quick patience. */
  async alone(env: Environment = {}): Promise<ChainReplica> {
    this.firstNonce = await this.chain.nonce();
    const replica = await this.chain.started({ RPC_TIMEOUT: '0.5', REPLACE_AFTER: '0.5', ...env });
    await until('the lane', () => replica.holds.list().length === 0);
    return replica;
  }

  /** A replica at work with both endpoints. */
  async withBoth(env: Environment = {}): Promise<ChainReplica> {
    return await this.alone({
      WEB3_PROVIDER_URL: `${this.first.url},${this.second.url}`,
      RPC_NAMES: 'north,south',
      RPC_PROBE_INTERVAL: '0.1',
      ...env,
    });
  }

  /** Waits until an endpoint is put aside for this. */
  async aside(replica: ChainReplica, endpoint: string, reason: string): Promise<void> {
    await until(
      `${endpoint} to be ${reason}`,
      async () =>
        (await replica.chainHealth()).detail?.includes(`${endpoint} is put aside`) === true &&
        (await replica.chainHealth()).detail?.includes(reason),
    );
  }

  async inService(replica: ChainReplica): Promise<void> {
    await until('every endpoint to be in service', async () => (await replica.chainHealth()).status === 'up');
  }

  /**
   * Every model has one token with its record and one event, by `slots` transactions of the deployer without a gap; no
   * job failed, and nothing is left to do.
   */
  async expectOnce(replica: ChainReplica, models: readonly string[], slots: number): Promise<void> {
    for (const model of models) {
      expect(await replica.verdict(model)).toMatchObject({ kind: 'deployed' });
      const token = await this.chain.tokens.find(model);
      expect(token).toMatchObject({ deployments: 1, registered: true });
      const { record } = aDeploymentJob(model).request;
      expect(recordFingerprint({ ...record, ...onChain(token) })).toBe(recordFingerprint(record));
    }
    expect(replica.outcomes.findings.map(({ kind }) => kind)).toEqual(models.map(() => 'deployed'));
    expect((await replica.events()).toSorted()).toEqual(models.toSorted());
    expect(await replica.slots()).toEqual([]);
    const next = this.firstNonce + slots;
    expect([await this.chain.nonce('latest'), await this.chain.nonce('pending')]).toEqual([next, next]);
  }
}

function onChain(token: Awaited<ReturnType<ChainHarness['tokens']['find']>>) {
  if (token === null) throw new Error('there is no token');
  const { modelId, symbol, metricName, baselineValue, currentValue, contributor } = token;
  const nobody = /^0x0+$/.test(contributor);
  return {
    modelId,
    tokenSymbol: symbol,
    metricName,
    baselineValue,
    currentValue,
    contributor: nobody ? null : contributor,
  };
}
