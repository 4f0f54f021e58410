import { Wallet } from 'ethers';
import type { Environment } from '#config';
import { type DeploymentRecord, recordFingerprint } from '#core';
import { ChainHarness } from '../../support/chain-harness.js';
import type { ChainReplica } from '../../support/chain-replica.js';
import { aDeploymentJob } from '../../support/fakes/deployment-job.js';
import { RpcProxy } from '../../support/rpc-proxy.js';
import type { TokenOnChain } from '../../support/token-registry.js';
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
    for (const endpoint of [this.first, this.second]) endpoint.pointTo(this.chain.anvil.url);
    await this.chain.reset();
    this.second.seen.length = 0;
  }

  get first(): RpcProxy {
    return this.chain.proxy;
  }

  /** A transaction of the deployer's key that the service knows nothing of. */
  async signed(fields: { readonly nonce: number; readonly maxFeePerGas: bigint }): Promise<string> {
    const transaction = { to: this.chain.second.address, gasLimit: 21_000n, chainId: 31337, type: 2, ...fields };
    const { privateKey } = this.chain.deployer;
    return await new Wallet(privateKey).signTransaction({ ...transaction, maxPriorityFeePerGas: fields.maxFeePerGas });
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

  /** What has become of the models, of the lane and of the account, when every model has its verdict. */
  async account(replica: ChainReplica, models: readonly string[]): Promise<Account> {
    for (const model of models) await replica.verdict(model);
    const tokens = await Promise.all(models.map((model) => this.chain.tokens.find(model)));
    return {
      verdicts: replica.outcomes.findings.map(({ kind }) => kind),
      deployments: tokens.map((token) => token?.deployments),
      records: tokens.map((token) => token && recordFingerprint(recordOf(token))),
      events: (await replica.events()).toSorted(),
      openSlots: (await replica.slots()).length,
      nonces: [await this.chain.nonce('latest'), await this.chain.nonce('pending')],
    };
  }

  /**
   * Every model has one token with its record and one event, by so many transactions of the deployer without a gap; no
   * job failed, and nothing is left to do.
   */
  once(models: readonly string[], transactions: number): Account {
    const next = this.firstNonce + transactions;
    return {
      verdicts: models.map(() => 'deployed'),
      deployments: models.map(() => 1),
      records: models.map((model) => recordFingerprint(aDeploymentJob(model).request.record)),
      events: models.toSorted(),
      openSlots: 0,
      nonces: [next, next],
    };
  }
}

interface Account {
  readonly verdicts: readonly string[];
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
