import { Wallet } from 'ethers';
import type { Environment } from '#config';
import { type DeploymentRecord, recordFingerprint } from '#core';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { aDeploymentJob } from '../../support/fixtures/deployment-job.fixture.js';
import { RpcProxy } from '../../support/rpc/rpc-proxy.js';
import type { TokenOnChain } from '../../support/chain/factory-token-reader.js';
import { until } from '../../support/until.js';

/** A chain behind two endpoints, each of which can be broken by itself. */
export class RpcPoolFixture {
  private firstNonce = 0;

  private constructor(
    readonly chain: ChainHarness,
    /** In front of the same node as `chain.proxy`, which is the first endpoint. */
    readonly second: RpcProxy,
  ) {}

  static async start(): Promise<RpcPoolFixture> {
    const chain = await ChainHarness.start();
    return new RpcPoolFixture(chain, await RpcProxy.start(chain.anvil.url));
  }

  async stop(): Promise<void> {
    await this.chain.stop();
    await this.second.stop();
  }

  async reset(): Promise<void> {
    this.second.reset();
    for (const endpoint of [this.first, this.second]) endpoint.setTarget(this.chain.anvil.url);
    await this.chain.reset();
    this.second.calls.length = 0;
  }

  get first(): RpcProxy {
    return this.chain.proxy;
  }

  /** A transaction of the deployer's key that the service knows nothing of. */
  async signed(fields: { readonly nonce: number; readonly maxFeePerGas: bigint }): Promise<string> {
    const transaction = { to: this.chain.otherAccount.address, gasLimit: 21_000n, chainId: 31337, type: 2, ...fields };
    const { privateKey } = this.chain.deployer;
    return await new Wallet(privateKey).signTransaction({ ...transaction, maxPriorityFeePerGas: fields.maxFeePerGas });
  }

  /** A replica at work, with the first endpoint only, and with quick patience. */
  async startWithOne(env: Environment = {}): Promise<ChainReplica> {
    this.firstNonce = await this.chain.nonce();
    const replica = await this.chain.startReplica({ RPC_TIMEOUT: '0.5', REPLACE_AFTER: '0.5', ...env });
    await until('the lane', () => replica.holds.list().length === 0);
    return replica;
  }

  /** A replica at work with both endpoints. */
  async startWithBoth(env: Environment = {}): Promise<ChainReplica> {
    return await this.startWithOne({
      WEB3_PROVIDER_URL: `${this.first.url},${this.second.url}`,
      RPC_NAMES: 'north,south',
      RPC_PROBE_INTERVAL: '0.1',
      ...env,
    });
  }

  /** Waits until an endpoint is excluded for this reason. */
  async isExcluded(replica: ChainReplica, endpoint: string, reason: string): Promise<void> {
    await until(
      `${endpoint} to be ${reason}`,
      async () =>
        (await replica.checkRpc()).detail?.includes(`${endpoint} excluded`) === true &&
        (await replica.checkRpc()).detail?.includes(reason),
    );
  }

  async inService(replica: ChainReplica): Promise<void> {
    await until('every endpoint to be in service', async () => (await replica.checkRpc()).status === 'up');
  }

  /** What has become of the models, of the lane and of the account, when every model has its verdict. */
  async summarize(replica: ChainReplica, models: readonly string[]): Promise<Summary> {
    for (const model of models) await replica.waitForResult(model);
    const tokens = await Promise.all(models.map((model) => this.chain.tokens.find(model)));
    return {
      results: replica.results.results.map(({ kind }) => kind),
      deployments: tokens.map((token) => token?.deployments),
      records: tokens.map((token) => token && recordFingerprint(recordOf(token))),
      events: (await replica.eventModelIds()).toSorted(),
      openSlots: (await replica.slots()).length,
      nonces: [await this.chain.nonce('latest'), await this.chain.nonce('pending')],
    };
  }

  /**
   * Every model has one token with its record and one event, by so many transactions of the deployer without a gap; no
   * job failed, and nothing is left to do.
   */
  deployOnce(models: readonly string[], transactions: number): Summary {
    const next = this.firstNonce + transactions;
    return {
      results: models.map(() => 'deployed'),
      deployments: models.map(() => 1),
      records: models.map((model) => recordFingerprint(aDeploymentJob(model).request.record)),
      events: models.toSorted(),
      openSlots: 0,
      nonces: [next, next],
    };
  }
}

interface Summary {
  readonly results: readonly string[];
  readonly deployments: readonly (number | undefined)[];
  readonly records: readonly (string | null)[];
  readonly events: readonly string[];
  readonly openSlots: number;
  readonly nonces: readonly number[];
}

function recordOf({
  modelId,
  symbol,
  metricName,
  baselineValue,
  currentValue,
  contributor,
}: TokenOnChain): DeploymentRecord {
  const isZero = /^0x0+$/.test(contributor);
  return {
    modelId,
    tokenSymbol: symbol,
    metricName,
    baselineValue,
    currentValue,
    contributor: isZero ? null : contributor,
  };
}
